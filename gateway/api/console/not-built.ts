/** Shown where the console should be. */
export const NOT_BUILT = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Muster</title>
<h1>控制台尚未构建 · The console has not been built</h1>
<p>网关在运行；报警、MQTT 与 <a href="/api/v1/alarms">/api/v1/alarms</a> 均可使用。请执行 <code>npm run build</code> 后重新启动。</p>
<p lang="en">The gateway runs; alarms, MQTT and <a href="/api/v1/alarms">/api/v1/alarms</a> work. Run <code>npm run build</code> and start it again.</p>
</html>
`;
