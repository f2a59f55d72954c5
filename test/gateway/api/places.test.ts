import { describe, expect, test } from 'vitest';
import { listOf } from '../../../gateway/api/schemas/common.ts';
import { deviceSchema } from '../../../gateway/api/schemas/devices.ts';
import { rejectedSchema } from '../../../gateway/api/schemas/rejected.ts';
import { ruleViewSchema } from '../../../gateway/api/schemas/rules.ts';
import { zoneSchema } from '../../../gateway/api/schemas/zones.ts';
import { type Stage, stage } from './stage.ts';

const VENUE = `
zones:
  hall: { name: { zh: 大厅, en: Hall }, areaM2: 100, capacity: 300, use: standing }
  yard: { areaM2: 50, polygon: [[0, 0], [5, 0], [5, 10]] }
devices:
  gate: { profile: people-counter, zone: hall }
  side: { profile: people-counter, zone: hall }
  t1: { name: { zh: 温度, en: Heat }, profile: climate, zone: yard }
  contact: { profile: door, zone: yard, address: 'zigbee2mqtt:door' }
profiles: { door: { reports: { onChange: true, aliveBy: { heartbeatSeconds: 600 } } } }
badges: { b1: { role: guard, wearer: 王 } }
rules:
  - { id: crowd, kind: crowd-density, zones: [hall] }
  - { id: heat, kind: threshold, metric: temperatureCelsius, above: { red: 60 } }
`;

const devices = async ({ ask }: Stage, query = '') =>
  listOf(deviceSchema.strict())
    .strict()
    .parse((await ask(`/api/v1/devices${query}`)).json());
const zones = async ({ ask }: Stage) =>
  listOf(zoneSchema.strict())
    .strict()
    .parse((await ask('/api/v1/zones')).json()).items;

const count = ({ send }: Stage, gate: string, entries: number): void =>
  send(`muster/hall/up/${gate}`, [{ n: 'entries', v: entries }]);

describe('devices', () => {
  test('show the last sample of each channel with units and age', async () => {
    const on = await stage(VENUE);
    on.send('muster/hall/up/t1', [
      { n: 'temperature', v: 21.5 },
      { n: 'humidity', v: 40 },
      { n: 'current/a', v: 3 },
    ]);
    on.pass(12);
    const t1 = (await devices(on)).items.find(({ id }) => id === 't1');
    expect(t1).toEqual({
      id: 't1',
      registered: true,
      name: { zh: '温度', en: 'Heat' },
      profile: 'climate',
      zone: 'yard',
      reports: { everySeconds: 60 },
      state: 'live',
      silentAfterSeconds: 180,
      lastSeenAt: '2026-06-01T12:00:00.000Z',
      ageSeconds: 12,
      channels: { '': { temperatureCelsius: 21.5, humidityPercent: 40 }, a: { currentAmps: 3 } },
      channelAges: {
        '': { at: '2026-06-01T12:00:00.000Z', ageSeconds: 12, stale: false },
        a: { at: '2026-06-01T12:00:00.000Z', ageSeconds: 12, stale: false },
      },
      units: { temperatureCelsius: '°C', humidityPercent: '%', currentAmps: 'A' },
    });
  });

  test('grow stale, then silent, by their own interval; a value that is old is never live', async () => {
    const on = await stage(VENUE);
    on.send('muster/hall/up/t1', [{ n: 'temperature', v: 21.5 }]);
    const seen: unknown[] = [];
    for (const seconds of [0, 90, 1, 90]) {
      on.pass(seconds);
      const t1 = (await devices(on)).items.find(({ id }) => id === 't1');
      seen.push([t1?.ageSeconds, t1?.state, t1?.channelAges['']?.stale]);
    }
    expect(seen).toEqual([
      [0, 'live', false],
      [90, 'live', false],
      [91, 'stale', true],
      [181, 'silent', true],
    ]);
  });

  test('one channel grows stale while the others go on', async () => {
    const on = await stage(VENUE);
    on.send('muster/hall/up/t1', [{ n: 'current/a', v: 3 }]);
    on.pass(100);
    on.send('muster/hall/up/t1', [{ n: 'current/b', v: 3 }]);
    const t1 = (await devices(on)).items.find(({ id }) => id === 't1');
    expect([t1?.state, t1?.channelAges.a?.stale, t1?.channelAges.b?.stale]).toEqual(['live', true, false]);
  });

  test('one that tells changes only is live as long as it is not silent; one never heard says never', async () => {
    const on = await stage(VENUE);
    on.send('zigbee2mqtt/door', { contact: false });
    on.pass(599);
    const first = await devices(on);
    on.pass(2);
    const later = await devices(on);
    const states = ({ items }: typeof first) => Object.fromEntries(items.map(({ id, state }) => [id, state]));
    expect(states(first)).toEqual({ gate: 'never', side: 'never', t1: 'never', contact: 'live', b1: 'never' });
    expect(states(later).contact).toBe('silent');
  });

  test('those that nobody has registered come last, with the address to take them in by', async () => {
    const on = await stage(VENUE);
    on.send('zigbee2mqtt/cellar', { temperature: 7 });
    const stranger = (await devices(on, '?registered=false')).items;
    expect(stranger).toMatchObject([
      {
        id: 'cellar',
        registered: false,
        address: 'zigbee2mqtt:cellar',
        state: 'live',
        units: { temperatureCelsius: '°C' },
      },
    ]);
    on.pass(301);
    expect((await devices(on)).items.at(-1)).toMatchObject({ id: 'cellar', state: 'stale', ageSeconds: 301 });
    expect((await devices(on, '?registered=true')).items).toHaveLength(5);
    expect((await devices(on, '?zone=yard')).items.map(({ id }) => id)).toEqual(['t1', 'contact']);
  });

  test('are written a piece a turn, however many there are', async () => {
    const ids = Array.from({ length: 120 }, (_, at) => `d${at}`);
    const on = await stage(`devices: { ${ids.map((id) => `${id}: { profile: climate }`).join(', ')} }`);
    expect((await devices(on)).items.map(({ id }) => id)).toEqual(ids);
    const { items, next } = await devices(on, '?limit=50');
    expect([items.length, (await devices(on, `?limit=1000&cursor=${next}`)).items.length]).toEqual([50, 70]);
    const head = await on.ask('/api/v1/devices', { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
  });

  test('come in pages, registered and discovered alike', async () => {
    const on = await stage(VENUE);
    on.send('zigbee2mqtt/t1', { temperature: 7 });
    on.send('zigbee2mqtt/__proto__', { temperature: 7 });
    const ids: string[] = [];
    let cursor = '';
    do {
      const { items, next } = await devices(on, `?limit=2${cursor}`);
      ids.push(...items.map(({ id }) => id));
      cursor = next === undefined ? '' : `&cursor=${next}`;
    } while (cursor !== '');
    expect(ids).toEqual(['gate', 'side', 't1', 'contact', 'b1', 't1', '__proto__']);
  });
});

describe('zones', () => {
  test('are unknown until somebody has counted, and where nobody does', async () => {
    const on = await stage(VENUE);
    expect(await zones(on)).toEqual([
      {
        id: 'hall',
        name: { zh: '大厅', en: 'Hall' },
        areaM2: 100,
        capacity: 300,
        use: 'standing',
        rule: 'crowd',
        state: 'unknown',
        lacking: ['gate', 'side'],
        phase: 'unknown',
        densityLimits: { yellow: 3, orange: 4, red: 4.7 },
        personsLimits: { yellow: 270, orange: 300 },
      },
      {
        id: 'yard',
        name: { zh: 'yard', en: 'yard' },
        areaM2: 50,
        use: 'moving',
        polygon: [
          [0, 0],
          [5, 0],
          [5, 10],
        ],
        state: 'unknown',
        lacking: [],
        phase: 'unknown',
      },
    ]);
  });

  test('are known once every gate has counted, with persons, density, level and age', async () => {
    const on = await stage(VENUE);
    count(on, 'gate', 300);
    expect((await zones(on))[0]).toMatchObject({ state: 'stale', persons: 300, lacking: ['side'] });
    count(on, 'side', 150);
    on.pass(11);
    expect((await zones(on))[0]).toMatchObject({
      state: 'known',
      persons: 450,
      from: 'counters',
      densityPerM2: 4.5,
      fillFraction: 1.5,
      countedAt: '2026-06-01T12:00:00.000Z',
      ageSeconds: 11,
      lacking: [],
      phase: 'active',
      severity: 'orange',
    });
  });

  test('a guard who has counted sets the number; of a zone that nobody counts there is none to set', async () => {
    const on = await stage(VENUE);
    count(on, 'gate', 100);
    count(on, 'side', 20);
    const headers = { 'content-type': 'application/json' };
    const asked = (body: object) => ({ method: 'POST', headers, body: JSON.stringify(body) });
    const counted = asked({ persons: 150, errorPersons: 10 });
    const answer = await on.ask('/api/v1/zones/hall/count', counted);
    expect(answer.status).toBe(200);
    const expected = {
      persons: 150,
      errorPersons: 10,
      band: { low: 140, high: 160 },
      fix: { at: '2026-06-01T12:00:00.000Z', persons: 150, was: 120 },
    };
    expect(zoneSchema.strict().parse(answer.json())).toMatchObject(expected);
    expect((await zones(on))[0]).toMatchObject(expected);
    expect((await on.ask('/api/v1/zones/yard/count', counted)).status).toBe(404);
    expect((await on.ask('/api/v1/zones/hall/count', asked({ persons: -1 }))).status).toBe(400);
  });

  test('are stale as soon as one of their counters is overdue, and still say what was last counted', async () => {
    const on = await stage(VENUE);
    count(on, 'gate', 100);
    count(on, 'side', 10);
    on.pass(14);
    expect((await zones(on))[0]).toMatchObject({ state: 'known', lacking: [] });
    count(on, 'gate', 101);
    on.pass(2);
    expect((await zones(on))[0]).toMatchObject({ state: 'stale', persons: 111, lacking: [], phase: 'normal' });
    on.pass(15);
    expect((await zones(on))[0]).toMatchObject({ state: 'stale', persons: 111, lacking: ['side'], phase: 'unknown' });
  });

  test('are not stale because a thermometer that stands there is', async () => {
    const on = await stage(`
zones: { hall: { areaM2: 100 } }
devices:
  gate: { profile: people-counter, zone: hall, reports: { everySeconds: 600 } }
  heat: { profile: climate, zone: hall }
rules: [{ id: crowd, kind: crowd-density }]
`);
    count(on, 'gate', 100);
    on.send('muster/hall/up/heat', [{ n: 'temperature', v: 21.5 }]);
    on.pass(500);
    expect((await devices(on)).items.map(({ id, state }) => [id, state])).toEqual([
      ['gate', 'live'],
      ['heat', 'silent'],
    ]);
    expect((await zones(on))[0]).toMatchObject({ state: 'known', persons: 100 });
  });
});

describe('rules and what was rejected', () => {
  test('rules come with all their settings', async () => {
    const on = await stage(VENUE);
    const { items } = listOf(ruleViewSchema.strict()).parse((await on.ask('/api/v1/rules')).json());
    expect(items[1]).toMatchObject({ id: 'heat', kind: 'threshold', settings: { above: { red: 60 }, holdSeconds: 0 } });
  });

  test('what could not be used comes last first, in pages, also where many came in one millisecond', async () => {
    const on = await stage(VENUE);
    for (const text of ['a', 'b', 'c']) on.send('muster/hall/up/t1', text);
    on.pass(1);
    on.send('muster/hall/up/t1', 'd');
    const payloads: string[] = [];
    let cursor = '';
    do {
      const page = listOf(rejectedSchema.strict()).parse((await on.ask(`/api/v1/rejected?limit=2${cursor}`)).json());
      payloads.push(...page.items.map(({ payload }) => payload));
      cursor = page.next === undefined ? '' : `&cursor=${page.next}`;
    } while (cursor !== '');
    expect(payloads).toEqual(['d', 'c', 'b', 'a']);
  });
});
