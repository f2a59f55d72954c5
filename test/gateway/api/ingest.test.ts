import { describe, expect, test } from 'vitest';
import { ingestedSchema } from '../../../gateway/api/schemas/rejected.ts';
import { hashSecret } from '../../../gateway/broker/clients/credentials.ts';
import { memorySink } from '../../../gateway/sinks/memory.ts';
import type { Sink } from '../../../gateway/sinks/sink.ts';
import { httpSource } from '../../../ingest/sources/http.ts';
import { until } from '../../until.ts';
import { start } from '../fixture.ts';
import { type Answered, ask, problemIn } from './ask.ts';
import { type Stage, stage } from './stage.ts';

const VENUE = `
devices:
  t1: { profile: climate, secretSha256: ${hashSecret('one')} }
  t2: { profile: climate, secretSha256: ${hashSecret('two')} }
  twin-a: { profile: climate, secretSha256: ${hashSecret('twins')} }
  twin-b: { profile: climate, secretSha256: ${hashSecret('twins')} }
  slow: { profile: climate, secretSha256: ${hashSecret('slow')}, limits: { publishesPerSecond: 1, publishBurst: 2 } }
  plug: { profile: plug, address: 'tasmota:plug' }
clients:
  bridge: { secretSha256: ${hashSecret('bridge')}, publish: ['tele/#', 'zigbee2mqtt/#', 'muster/hall/#'] }
rules: [{ id: heat, kind: threshold, metric: temperatureCelsius, above: { red: 60 } }]
`;

const SENML = JSON.stringify([{ n: 'temperature', u: 'Cel', v: 21.5 }]);
/** `[{0: "temperature", 1: "Cel", 2: 21.5}]`: names of fields are integers in CBOR (RFC 8428 section 6). */
const CBOR = Buffer.from('81a3006b74656d7065726174757265016343656c02f94d60', 'hex');
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const basic = (name: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`,
});

const post = (
  { port }: { readonly port: number },
  headers: Readonly<Record<string, string>>,
  body: string | Buffer = SENML,
  query = '',
): Promise<Answered> =>
  ask(port, `/api/v1/ingest${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/senml+json', ...headers },
    body,
  });

/** A stage whose source listens; `settle` says when a message is safe. */
const listening = async (settle: (done: () => void) => void = (done) => done()): Promise<Stage> => {
  const on = await stage(VENUE);
  const source = httpSource({ id: 'http', server: on.inbox, nowMs: () => 0 });
  await source.start((frame, done) => on.hotPath.accept(frame, () => settle(done ?? (() => undefined))));
  return on;
};

const last = ({ hotPath }: Stage, device: string) => hotPath.lastSamples.get(device).get('');

describe('posting a message', () => {
  test.each([
    ['SenML as JSON', 'application/senml+json', Buffer.from(SENML)],
    ['SenML as plain JSON', 'application/json', Buffer.from(SENML)],
    ['SenML as CBOR', 'application/senml+cbor', CBOR],
    ['SenML as plain CBOR', 'application/cbor', CBOR],
  ])('%s is judged, and answered with 204', async (_name, type, body) => {
    const on = await listening();
    const answer = await post(on, { ...bearer('one'), 'content-type': type }, body);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(last(on, 't1')?.metrics).toEqual({ temperatureCelsius: 21.5 });
  });

  test('is answered only once it is safe; an alarm does not wait for that', async () => {
    const waiting: (() => void)[] = [];
    const on = await listening((done) => waiting.push(done));
    let answered = false;
    const posting = post(on, bearer('one'), JSON.stringify([{ n: 'temperature', v: 70 }])).then((answer) => {
      answered = true;
      return answer;
    });
    await until(() => waiting.length === 1, 'it is judged');
    expect(on.hotPath.openAlarms()).toMatchObject([{ subject: 't1', severity: 'red' }]);
    await on.ask('/healthz');
    expect(answered).toBe(false);
    waiting[0]?.();
    expect((await posting).status).toBe(204);
  });

  test('says when it is not safe within half a minute: the sender sends it again', async () => {
    const on = await listening(() => undefined);
    const posting = post(on, bearer('one'));
    await until(() => last(on, 't1') !== undefined, 'it is judged');
    on.timers.advance(30_000);
    expect(problemIn(await posting).code).toBe('not-committed');
  });

  test('of a part that cannot be used says why; the rest is taken', async () => {
    const on = await listening();
    const body = JSON.stringify([
      { n: 'temperature', v: 20 },
      { n: 'humidity', v: 900 },
      { n: 'colour', v: 1 },
    ]);
    const answer = await post(on, bearer('one'), body);
    expect(answer.status).toBe(200);
    expect(ingestedSchema.strict().parse(answer.json()).failures).toMatchObject([
      { code: 'out-of-range', where: '[1].v' },
      { code: 'unknown-name', where: '[2].n' },
    ]);
    expect(last(on, 't1')?.metrics).toEqual({ temperatureCelsius: 20 });
  });

  test.each([
    ['nothing', '', 'not-json'],
    ['half of it', '[{"n":"temperature"', 'not-json'],
    ['half of it in CBOR', Buffer.from('9fa300', 'hex'), 'not-cbor'],
    ['poison', '[{"n":"__proto__","v":1}]', 'wrong-shape'],
    ['the name of another', '[{"bn":"t2/","n":"temperature","v":20}]', 'wrong-device'],
  ])('with %s in it is refused, with the reason', async (_name, body, code) => {
    const on = await listening();
    const problem = problemIn(await post(on, bearer('one'), body));
    expect([problem.code, problem.errors?.[0]?.code]).toEqual(['unusable', code]);
    expect(on.hotPath.intake.rejected.list()[0]).toMatchObject({ source: 'http', client: 't1', code });
  });

  test('before the source listens is not lost in silence', async () => {
    const on = await stage(VENUE);
    const answer = await post(on, bearer('one'));
    expect([problemIn(answer).code, answer.headers['retry-after']]).toEqual(['not-ready', '1']);
  });

  test.each([
    [{ 'content-type': 'text/html' }, SENML, 'wrong-media-type'],
    [{}, 'x'.repeat(65_537), 'too-large'],
  ] as const)('%j of %# is refused as %s', async (headers, body, code) => {
    const on = await listening();
    expect(problemIn(await post(on, { ...bearer('one'), ...headers }, body)).code).toBe(code);
    expect(on.hotPath.intake.counters.frames).toBe(0);
  });
});

describe('whose message it is', () => {
  test('is told by the secret; where several share one, by the name with it', async () => {
    const on = await listening();
    expect((await post(on, bearer('two'))).status).toBe(204);
    expect((await post(on, bearer('twins'))).status).toBe(401);
    expect((await post(on, basic('twin-b', 'twins'))).status).toBe(204);
    expect(['t1', 't2', 'twin-a', 'twin-b'].map((id) => last(on, id) !== undefined)).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  test.each([
    {},
    { authorization: 'Bearer' },
    bearer('three'),
    bearer('x'.repeat(10_000)),
    basic('t1', 'two'),
    basic('__proto__', 'one'),
    basic('', 'one'),
    { authorization: 'Digest one' },
  ])('with %j nobody is known, and the body is not read', async (headers) => {
    const on = await listening();
    const answer = await post(on, headers, 'x'.repeat(100_000));
    expect(problemIn(answer).code).toBe('wrong-token');
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="muster ingest"');
    expect(on.hotPath.intake.counters.frames).toBe(0);
  });

  test('wrong secrets from one address have to wait ever longer; right ones never do', async () => {
    const on = await listening();
    const tries: (number | string | undefined)[] = [];
    for (let round = 0; round < 7; round += 1) {
      const answer = await post(on, bearer('three'));
      tries.push(answer.headers['retry-after'] ?? answer.status);
    }
    expect(tries).toEqual([401, 401, 401, 401, 401, '1', '2']);
    expect(on.warnings).toEqual([{ address: '127.0.0.1' }]);
    expect((await post(on, bearer('one'))).status).toBe(204);
    on.timers.advance(900_000);
    expect((await post(on, bearer('three'))).status).toBe(401);
  });

  test('each may post as often as it may publish', async () => {
    const on = await listening();
    const statuses: number[] = [];
    for (let round = 0; round < 3; round += 1) statuses.push((await post(on, bearer('slow'))).status);
    expect(statuses).toEqual([204, 204, 429]);
    expect((await post(on, bearer('one'))).status).toBe(204);
    on.timers.advance(1000);
    expect((await post(on, bearer('slow'))).status).toBe(204);
  });
});

describe('where a message goes', () => {
  test('other formats by their topic, with the rights that the client has on MQTT', async () => {
    const on = await listening();
    const body = JSON.stringify({ Time: '2026-06-01T12:00:00', ENERGY: { Power: 60, Voltage: 230, Current: 0.26 } });
    const headers = { ...bearer('bridge'), 'content-type': 'text/plain' };
    expect((await post(on, headers, body, '?topic=tele/plug/SENSOR')).status).toBe(204);
    expect(last(on, 'plug')?.metrics).toMatchObject({ powerWatts: 60 });
  });

  test('a device that nobody has registered is shown, as on MQTT', async () => {
    const on = await listening();
    const answer = await post(on, bearer('bridge'), '{"temperature":7}', '?topic=zigbee2mqtt/cellar');
    expect(answer.status).toBe(204);
    expect(on.hotPath.intake.discovered.list()).toMatchObject([{ address: 'zigbee2mqtt:cellar', source: 'http' }]);
  });

  test.each([
    ['one', '?topic=muster/hall/up/t2', 'topic-not-allowed'],
    ['one', '?topic=zigbee2mqtt/x', 'topic-not-allowed'],
    ['bridge', '?topic=elsewhere', 'topic-not-allowed'],
    ['bridge', '?topic=muster/hall/alarm/heat.t1.abc/ack', 'topic-not-allowed'],
    ['bridge', '?topic=muster/hall/down/t1', 'topic-not-allowed'],
    ['bridge', '?topic=$SYS/x', 'topic-not-allowed'],
    ['bridge', '?topic=tele/%23', 'invalid-request'],
    ['bridge', '?topic=tele/%2B/SENSOR', 'invalid-request'],
    ['bridge', '?topic=tele/a%00b', 'invalid-request'],
    ['bridge', '', 'invalid-request'],
    ['one', '?device=t2', 'invalid-request'],
  ])('the secret %j with %j is refused: %s', async (secret, query, code) => {
    const on = await listening();
    expect(problemIn(await post(on, bearer(secret), SENML, query)).code).toBe(code);
    expect(on.hotPath.intake.counters.frames).toBe(0);
  });
});

test('the whole way, in the real gateway: posted, judged, shown, and kept before it is answered', async () => {
  const memory = memorySink('memory');
  const order: string[] = [];
  const kept: Sink = {
    ...memory,
    commit: (done) => {
      order.push('commit');
      done();
    },
  };
  const app = await start(`security: { anonymous: loopback }\n${VENUE}`, [kept]);
  try {
    const { port } = app.http;
    expect((await ask(port, '/readyz')).json()).toEqual({ ready: true, waitingFor: [] });
    expect((await post(app.http, bearer('one'), JSON.stringify([{ n: 'temperature', v: 70 }]))).status).toBe(204);
    order.push('answered');
    expect(order).toEqual(['commit', 'answered']);
    expect(memory.samples).toMatchObject([{ device: 't1', metrics: { temperatureCelsius: 70 } }]);
    expect((await ask(port, '/api/v1/alarms')).json()).toMatchObject({ items: [{ subject: 't1', severity: 'red' }] });
  } finally {
    await app.stop();
  }
});
