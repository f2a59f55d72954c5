import { describe, expect, test } from 'vitest';
import { conditionsOf, device, EPOCH, rule, type Stage, stage, venueOf } from '../stage.ts';
import { active, made } from './made.ts';

const venue = venueOf([
  device('t1', { reports: { everySeconds: 20 } }),
  device('t2', { reports: undefined }),
  device('cam1', { role: undefined, reports: { onChange: true, aliveBy: { device: 'bridge' } } }),
  device('cam2', { role: undefined, reports: { onChange: true, aliveBy: { device: 'bridge' } } }),
]);
const heat = rule(
  { id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { yellow: 40, red: 60 }, holdSeconds: 60 },
  venue,
);
const heats = (s: Stage, id: string, temperatureCelsius: number): Stage => s.sample(id, { temperatureCelsius });
/** Under way since 0 s, saved at 10 s. */
const underWay = () =>
  heats(stage({ venue, rules: [heat] }).at(0), 't2', 70)
    .at(10)
    .save();

describe('a subject that its rule failed on', () => {
  const boom = made('boom', (state, input) => {
    if (input.type === 'sample' && input.metrics.temperatureCelsius === 666) throw new Error('boom');
    return input.type === 'sample' ? active(state) : { state };
  });
  const codes = (s: Stage) =>
    conditionsOf(s.verdicts).map(({ condition: { phase, reason } }) => `${phase} ${reason.code}`);

  test('is judged no more, whatever comes: samples, silence, being heard again', () => {
    const s = heats(heats(stage({ venue, rules: [boom] }).at(0), 't1', 20), 't1', 666);
    const said = ['active made', 'unknown rule-fault'];
    expect(codes(heats(s.at(1), 't1', 20))).toEqual(said);
    expect(codes(s.at(200))).toEqual(said);
    expect(codes(heats(s, 't1', 20))).toEqual(said);
    expect(codes(s.occur('t1', 'button').at(400))).toEqual(said);
  });
});

describe('silence', () => {
  test('says how long nothing was heard', () => {
    const s = heats(stage({ venue, rules: [heat] }).at(0), 't1', 70);
    for (let at = 20; at <= 80; at += 20) heats(s.at(at), 't1', 70);
    const told = conditionsOf(s.at(200).verdicts).at(-1);
    expect(told).toMatchObject({
      atMs: EPOCH + 140_000,
      condition: { phase: 'unknown', reason: { code: 'no-data', params: { seconds: 60 } } },
    });
  });

  test('of a bridge is that of all that live by it', () => {
    const s = heats(heats(stage({ venue, rules: [heat] }).at(0), 'cam1', 70), 'cam2', 70).at(70);
    s.occur('bridge', 'offline');
    expect(s.open().map(({ subject, condition }) => [subject, condition])).toEqual([
      ['cam1', 'unknown'],
      ['cam2', 'unknown'],
    ]);
  });

  test('puts off the end of a pre-alarm that is asked after it by nothing', () => {
    const tilt = rule({ id: 'tilt', kind: 'tilt' }, venue);
    const lies = { tiltDegrees: 80 };
    const s = stage({ venue, rules: [tilt] })
      .at(0)
      .sample('t1', { tiltDegrees: 0 })
      .at(100)
      .sample('t1', lies);
    expect(s.at(110).preAlarms).toMatchObject([{ type: 'pre-alarm', untilMs: EPOCH + 125_000 }]);
  });
});

describe('a restart', () => {
  const again = (startSeconds: number, snapshot = underWay(), extra: object = {}) =>
    stage({ venue, rules: [heat], startSeconds, snapshot, ...extra });

  test('at the very moment of a deadline: it passed while down, and waits for a sample or the grace', () => {
    expect(again(60).at(69.999).story()).toEqual([]);
    expect(again(60).at(70).story()).toEqual([[70, 'raised', 't2', 'red']]);
    expect(heats(again(60).at(61), 't2', 70).story()).toEqual([[61, 'raised', 't2', 'red']]);
    expect(again(59.999).at(60).story()).toEqual([[60, 'raised', 't2', 'red']]);
  });

  test('within the grace: what was left of it is left', () => {
    const first = again(100).at(104);
    const second = again(120, first.save());
    expect(second.at(125.999).story()).toEqual([]);
    expect(second.at(126).story()).toEqual([[126, 'raised', 't2', 'red']]);
  });

  test('time down is told as long as it goes on, and no longer', () => {
    const s = again(30).at(60);
    expect(s.open()[0]?.reason.en).toContain('20 s');
    expect(heats(s, 't2', 90).open()[0]?.reason.en).toContain('20 s');
    const cooled = heats(heats(again(30).at(31), 't2', 20).at(40), 't2', 70).at(100);
    expect(cooled.open()[0]?.reason.en).not.toContain('20 s');
  });

  test('a state of another shape is left out and counted, each of them', () => {
    const saved = underWay();
    const strange = saved.subjects.map((each) => ({ ...each, state: { phase: 'active' as const, shape: 'old' } }));
    const operator = again(20, { ...saved, subjects: strange });
    expect(operator.save().unfit).toEqual({ heat: strange.length });
    expect(again(20).save().unfit).toBeUndefined();
  });

  test('subjects that no device feeds go on, too', () => {
    const rules = [rule({ id: 'box', kind: 'gateway-health', holdSeconds: 60 }, venue)];
    const lag = { type: 'figure', measure: 'loopLagMilliseconds', part: '', value: 9000 } as const;
    const before = stage({ venue, rules })
      .at(0)
      .put({ ...lag, nowMs: EPOCH });
    const after = stage({ venue, rules, startSeconds: 5, snapshot: before.save() }).at(60);
    expect(after.story()).toEqual([[60, 'raised', 'loopLagMilliseconds', 'orange']]);
  });

  test('what an older program saved says nothing of settings: states go on', () => {
    const { settings, ...older } = underWay();
    expect(settings === undefined || Object.keys(settings).includes('heat')).toBe(true);
    expect(again(20, older).at(60).story()).toEqual([[60, 'raised', 't2', 'red']]);
  });
});

describe('channels that feed one subject of their whole device', () => {
  const counts = (seen: string[]) => (id: string) =>
    made(
      id,
      (state, input) => {
        seen.push(`${id} ${input.type}`);
        return input.type === 'sample' && state.phase === 'normal'
          ? { state: { phase: 'pending' }, wakeAtMs: input.nowMs + 60_000 }
          : { state };
      },
      { subjects: (each) => [each.id] },
    );

  test('have one state and one deadline, for each rule its own', () => {
    const seen: string[] = [];
    const s = stage({ venue, rules: ['one', 'two'].map(counts(seen)) }).at(0);
    s.sample('t1', {}, 'a').at(1).sample('t1', {}, 'b').at(2).sample('t1', {}).at(59.999);
    expect(seen).toEqual(['one sample', 'two sample', 'one sample', 'two sample', 'one sample', 'two sample']);
    seen.length = 0;
    s.sample('t1', {}).at(60);
    expect(seen).toEqual(['one sample', 'two sample', 'one wake', 'two wake']);
  });
});

test('a stranger’s own name may hold a slash', () => {
  const rules = [rule({ id: 'sos', kind: 'sos' }, venue)];
  const s = stage({ venue, rules }).at(0).occur('ble/aa', 'sos', { id: '1' });
  s.acknowledge(s.open()[0] ?? expect.fail('no alarm'), 'li').at(700);
  expect(s.story().map(([, type]) => type)).toEqual(['raised', 'acknowledged', 'cleared', 'closed']);
});

test('a call for help that comes late is judged, other late words are not', () => {
  const seen: string[] = [];
  const rules = [
    made('all', (state, input) => {
      seen.push(input.type === 'occurrence' ? input.kind : input.type);
      return { state };
    }),
  ];
  const s = stage({ venue, rules }).at(100);
  for (const kind of ['sos', 'fall', 'button', 'checkin'] as const) s.occur('t2', kind, { historical: true });
  expect(seen).toEqual(['sos', 'fall']);
});
