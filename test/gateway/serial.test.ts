import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type App, startApp } from '../../gateway/app.ts';
import { liveClock } from '../../gateway/clock.ts';
import { createLog } from '../../gateway/log.ts';
import { hasSocat, plug, portFolder } from '../pty.ts';
import { until } from '../until.ts';
import { configOf, getJson } from './fixture.ts';

/** A gateway with an emonTx on one port and a satellite receiver on another. */
const run = async (folder: string): Promise<App> => {
  const config = configOf(`
venue: { id: hall, name: { zh: 大厅, en: Hall }, timezone: Asia/Shanghai, locale: en }
sources:
  - { kind: mqtt-broker, tcp: { port: 0 } }
  - { kind: serial-lines, id: board, path: ${join(folder, 'board')}, format: emontx }
  - { kind: serial-lines, id: van, path: ${join(folder, 'van')} }
http: { port: 0 }
devices:
  stage: { profile: current-clamp, address: "emontx:board" }
rules: [{ id: hot, kind: threshold, metric: powerWatts, above: { orange: 5000 }, holdSeconds: 0 }]
security: { anonymous: loopback }
`);
  const log = createLog({ write: () => undefined });
  const app = await startApp({ config, clock: liveClock(), log });
  onTestFinished(() => app.stop());
  return app;
};

const sourcesOf = (app: App) => app.health().sources ?? [];

describe.skipIf(!hasSocat)('a gateway with serial ports', () => {
  test('runs without them and says so; takes them when they are there, and judges what they tell', async () => {
    const folder = portFolder();
    const app = await run(folder);
    expect(await getJson(app, '/readyz')).toMatchObject({ ready: true });
    await until(() => sourcesOf(app).every(({ state }) => state === 'lost'), 'both are missing');
    expect(await getJson(app, '/healthz')).toMatchObject({
      status: 'degraded',
      problems: ['source-lost'],
      sources: [
        { id: 'board', lastTrouble: { code: 'port-absent', text: { zh: expect.any(String), en: expect.any(String) } } },
        { id: 'van' },
      ],
    });

    const [board, van] = [await plug(join(folder, 'board')), await plug(join(folder, 'van'))];
    await until(() => sourcesOf(app).every(({ state }) => state === 'open'), 'both are open');
    expect(app.health()).toMatchObject({ status: 'ok', problems: [] });
    board.stream.write('MSG:1,Vrms:230.00,P1:6000\r\n');
    van.stream.write('$GPGLL,5201.0809,N,00832.0852,E,142819.299,A,A*5D\r\n');
    await until(() => app.hotPath.openAlarms().length === 1, 'an alarm');
    expect(app.hotPath.openAlarms()).toMatchObject([{ kind: 'threshold', subject: 'stage/ct1', severity: 'orange' }]);
    await until(() => app.hotPath.intake.counters.unregistered === 1, 'a stranger');
    expect([...app.hotPath.intake.discovered.list()]).toMatchObject([{ address: 'nmea:van' }]);
    const page = await (await fetch(`http://127.0.0.1:${app.http.port}/metrics`)).text();
    expect(page).toContain('muster_source_open{source="board"} 1');
    expect(page).toContain('muster_source_frames_total{source="van"} 1');
  });

  test('loses one of them and nothing else', async () => {
    const folder = portFolder();
    const [board, van] = [await plug(join(folder, 'board')), await plug(join(folder, 'van'))];
    const app = await run(folder);
    await until(() => sourcesOf(app).every(({ state }) => state === 'open'), 'both are open');
    await van.close();
    await until(() => sourcesOf(app).some(({ state }) => state === 'lost'), 'one is lost');
    board.stream.write('MSG:1,P1:6000\r\n');
    await until(() => app.hotPath.openAlarms().length === 1, 'an alarm over the other one');
    expect(sourcesOf(app)).toMatchObject([{ state: 'open' }, { state: 'lost', counters: { losses: 1 } }]);
  });
});
