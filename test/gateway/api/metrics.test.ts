import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { noAccess } from '../../../gateway/api/security/access.ts';
import { hashSecret } from '../../../gateway/broker/clients/credentials.ts';
import { requireProgram } from '../../system-programs.ts';
import { until } from '../../until.ts';
import { connect, startKeeping } from '../fixture.ts';
import { ask } from './ask.ts';
import { readStream } from './events.ts';
import { stage } from './stage.ts';

const VENUE = `
devices: { t1: { profile: climate }, t2: { profile: climate } }
clients: { prometheus: { secretSha256: ${hashSecret('scrape')}, role: viewer } }
roles: { viewer: {} }
rules: [{ id: heat, kind: threshold, metric: temperatureCelsius, above: { orange: 50, red: 60 } }]
`;

const hasPromtool = requireProgram('promtool', 'prometheus');

/** What promtool has to say of a page; empty: nothing. */
const objections = (page: string): string => {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: page, encoding: 'utf8' });
  return `${stdout}${stderr}${status === 0 ? '' : `exit ${status}`}`;
};

const figureIn = (page: string, name: string): number | undefined => {
  const line = page.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
};

describe('the metrics page', () => {
  test.skipIf(!hasPromtool)('promtool would object to a bad one', () => {
    expect(objections('# HELP bad_total x\n# TYPE bad_total gauge\nbad_total 1\n')).toContain('bad_total');
  });

  test.skipIf(!hasPromtool)('of a gateway that has seen everything passes promtool', async () => {
    const app = await startKeeping(
      `security: { anonymous: loopback }\nsinks: [{ kind: influxdb, url: "http://127.0.0.1:1", bucket: venue }]\nnotifiers: [{ kind: webhook, id: hook, url: "http://127.0.0.1:1", secret: sixteen-characters }]\nplan: { red: { channels: [hook] } }\n${VENUE}`,
    );
    try {
      const { port } = app.http;
      const client = await connect(app);
      await client.publishAsync('muster/hall/up/t1', '[{"n":"temperature","v":70}]', { qos: 1 });
      await client.publishAsync('muster/hall/up/t1', 'nonsense', { qos: 1 });
      await client.publishAsync('some/where', 'x', { qos: 1 });
      await readStream(port);
      await ask(port, '/api/v1/nothing');
      await ask(port, '/api/v1/alarms', { method: 'POST' });
      await until(() => (app.health().counters.influx_influxdb?.retriedRequests ?? 0) > 0, 'InfluxDB is tried');
      const page = (await ask(port, '/metrics')).text;
      expect(objections(page)).toBe('');
      const figures = {
        muster_intake_frames_total: 3,
        'muster_rejected_total{code="not-json"}': 1,
        'muster_rejected_total{code="unknown-topic"}': 1,
        muster_mqtt_connections_total: 1,
        muster_store_committed_readings_total: 1,
        muster_store_dropped_samples_total: 0,
        muster_influx_influxdb_written_lines_total: 0,
        'muster_degraded{problem="influx-behind"}': 1,
        muster_stream_opened_total: 1,
        muster_stream_clients: 1,
        'muster_alarms_open{severity="red"}': 1,
        'muster_alarms_open{severity="blue"}': 0,
        'muster_http_requests_total{route="/*",method="GET",status="404"}': 1,
        'muster_http_requests_total{route="/api/v1/alarms",method="POST",status="405"}': 1,
      };
      for (const [name, value] of Object.entries(figures)) expect(figureIn(page, name), name).toBe(value);
      const heardSeconds = figureIn(page, 'muster_source_last_frame_timestamp_seconds{source="mqtt"}') ?? 0;
      expect(Math.abs(heardSeconds - Date.now() / 1000)).toBeLessThan(60);
      expect(figureIn(page, 'muster_store_log_bytes')).toBeGreaterThan(0);
      expect(figureIn(page, 'muster_store_slowest_commit_seconds')).toBeGreaterThan(0);
      expect(figureIn(page, 'muster_influx_influxdb_retried_requests_total')).toBeGreaterThan(0);
      expect(figureIn(page, 'process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
      // Starting takes longer than that in one turn.
      expect(figureIn(page, 'nodejs_eventloop_lag_max_seconds')).toBeGreaterThan(0.001);
      await client.endAsync();
    } finally {
      await app.stop();
    }
  });

  test('follows what is counted, alarms that people take on, and problems that go', async () => {
    let problems = ['sink-fault'];
    const health = () => ({
      status: 'degraded' as const,
      version: '1',
      venue: 'hall',
      startedAt: '2026-06-01T12:00:00.000Z',
      openAlarms: 0,
      problems,
      counters: { store: { droppedSamples: 7 } },
      levels: { store: { queueBytes: 99 } },
      sources: [
        { id: 'gps', state: 'open' as const, counters: { frames: 3, bytes: 90, failures: 0 } },
        { id: 'bus', state: 'lost' as const, counters: { frames: 1, bytes: 9, failures: 2, crcErrors: 2 } },
      ],
    });
    const on = await stage(VENUE, { health });
    on.send('muster/hall/up/t1', [{ n: 'temperature', v: 70 }]);
    const before = (await on.ask('/metrics')).text;
    expect(figureIn(before, 'muster_degraded{problem="sink-fault"}')).toBe(1);
    expect(figureIn(before, 'muster_store_dropped_samples_total')).toBe(7);
    expect(figureIn(before, 'muster_store_queue_bytes')).toBe(99);
    expect(figureIn(before, 'muster_source_open{source="gps"}')).toBe(1);
    expect(figureIn(before, 'muster_source_open{source="bus"}')).toBe(0);
    expect(figureIn(before, 'muster_source_frames_total{source="gps"}')).toBe(3);
    expect(figureIn(before, 'muster_source_crc_errors_total{source="bus"}')).toBe(2);
    expect(before).not.toContain('muster_source_crc_errors_total{source="gps"}');
    expect(figureIn(before, 'muster_alarms_unacknowledged{severity="red"}')).toBe(1);
    problems = [];
    on.hotPath.act({ type: 'acknowledge', alarm: on.hotPath.openAlarms()[0]?.id ?? '', by: 'wang' });
    const after = (await on.ask('/metrics')).text;
    expect(after).not.toContain('sink-fault');
    expect(figureIn(after, 'muster_store_dropped_samples_total')).toBe(7);
    expect(figureIn(after, 'muster_alarms_open{severity="red"}')).toBe(1);
    expect(figureIn(after, 'muster_alarms_unacknowledged{severity="red"}')).toBe(0);
  });

  test('is read by Prometheus with a secret of its own, which opens no more than its role', async () => {
    const on = await stage(VENUE, { access: noAccess });
    const authorization = `Basic ${Buffer.from('prometheus:scrape').toString('base64')}`;
    expect((await on.ask('/metrics', { headers: { authorization } })).status).toBe(200);
    expect((await on.ask('/metrics', { headers: { authorization: 'Bearer scrape' } })).status).toBe(200);
    expect((await on.ask('/metrics', { headers: { authorization: 'Bearer other' } })).status).toBe(401);
    expect((await on.ask('/api/v1/rejected', { headers: { authorization } })).status).toBe(403);
  });
});
