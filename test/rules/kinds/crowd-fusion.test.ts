import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { again, brief, camera, counted, counter, gate, hall, last, scene, seen, venue } from '../crowd/stage.ts';
import { device, rule, sampleOf } from '../stage.ts';

const GATE = counter('gate');
const one = venue([GATE]);
const watched = venue([GATE, camera('cam')]);

describe('crowd density, one estimate', () => {
  test('a camera that agrees is fused by its accuracy, and the band narrows; nothing is counted twice', () => {
    const s = scene(watched, { errorFraction: 0.2 }).at(0).sample('gate', gate(300));
    s.sample('cam', seen(240)).at(20);
    // Gates 300 ± 60, cameras 240 ± 45 (15 % of the larger of both): between them, nearer to the cameras.
    const params = last(s)?.reason.params;
    expect(params).toMatchObject({ from: 'fused' });
    const persons = Number(params?.persons);
    expect(persons).toBeGreaterThan(258);
    expect(persons).toBeLessThan(266);
    for (let at = 21; at < 60; at += 1) s.at(at).sample('cam', seen(240 + (at % 2)));
    expect(last(s)?.value).toBeCloseTo(persons / 100, 1);
  });

  test('cameras that see far more are believed and it is said; a blind camera empties nothing', () => {
    const s = scene(watched).at(0).sample('gate', gate(280)).sample('cam', seen(450)).at(20);
    expect(brief(s)).toEqual([[10, 'raised', 'yellow']]);
    expect(s.open()[0]?.value).toBe(3.9);
    expect(s.open()[0]?.reason.zh).toContain('摄像头看到 450 人，远多于门禁计数，请清点');
    const blind = scene(watched).at(0).sample('gate', gate(320)).sample('cam', seen(310)).at(20);
    blind.sample('cam', seen(0)).at(300);
    expect(brief(blind)).toEqual([[10, 'raised', 'yellow']]);
    blind.sample('gate', gate(340)).at(310);
    expect(blind.open()[0]?.reason.en).toContain('cameras see only 0: not believed');
  });

  test('a camera that sees a part of the zone can only add; cameras without gates are followed', () => {
    const two = venue([GATE, camera('cam-1'), camera('cam-2')]);
    const s = scene(two).at(0).sample('gate', gate(250)).sample('cam-1', seen(20));
    expect(last(s)?.reason.params).toMatchObject({ persons: 250 });
    const alone = scene(venue([camera('cam')]))
      .at(0)
      .sample('cam', seen(310));
    expect(brief(alone.at(20))).toEqual([[10, 'raised', 'yellow']]);
    expect(alone.open()[0]?.reason.zh).toContain('按摄像头约 310±47 人');
    alone.sample('cam', seen(200)).at(60);
    expect(brief(alone).at(-1)).toEqual([50, 'cleared', 'yellow']);
  });

  test('cameras that are known to see a share are counted as the whole', () => {
    const s = scene(venue([camera('cam')]), { cameras: { seesFraction: 0.5 } });
    expect(last(s.at(0).sample('cam', seen(160)))?.reason.params).toMatchObject({ persons: 320 });
  });

  test('badges stand for a share of the people, by the receivers that hear them, while they report', () => {
    const badges = Array.from({ length: 20 }, (_, index) => device(`b${index}`, { reports: { everySeconds: 1000 } }));
    const of = venue([GATE, ...badges], [hall(), { ...hall(), id: 'yard' }]);
    const config = { errorFraction: 1, badges: { share: 0.1, errorFraction: 0.1 } };
    const s = scene(of, config).at(0).sample('gate', gate(100));
    for (const { id } of badges)
      s.sample(id, { batteryPercent: 90 }).occur(id, 'presence', { attributes: { zone: 'hall' } });
    // Twenty of one in ten are 200 ± 2 sqrt(0.05² + 0.9 / 20); the gate says 100 ± 100.
    const persons = (): number => Number(last(s.sample('gate', gate(101)))?.reason.params.persons ?? 0);
    s.occur('b0', 'presence', { attributes: { zone: 'yard' } });
    s.at(1000).sample('gate', gate(160)).at(2000);
    expect(last(s)?.reason.params).toMatchObject({ from: 'fused' });
    expect(persons()).toBeGreaterThan(160);
    expect(scene(of, {}).at(0).sample('gate', gate(100)).save().subjects.length).toBeGreaterThan(0);
  });

  test('badges do not count unless they are said to, and only those of the roles named', () => {
    const guard = device('b1', { role: 'guard' });
    const visitor = device('b2', { role: 'visitor' });
    const of = venue([GATE, guard, visitor]);
    const plain = { id: 'd', kind: 'crowd-density' };
    expect(rule(plain, of).subjects(guard, '')).toEqual([]);
    const shared = rule({ ...plain, badges: { share: 0.1, roles: ['visitor'] } }, of);
    expect([shared.subjects(guard, ''), shared.subjects(visitor, '')]).toEqual([[], ['hall']]);
    expect([shared.reads(visitor), shared.hearsPresence]).toEqual([false, true]);
  });
});

describe('crowd density, the band', () => {
  // 20 % of those who pass: 350 of them are 350 ± 70, and so on.
  const unsure = { errorFraction: 0.2 };

  test('an upper edge at a limit is pending, and no alarm', () => {
    const s = scene(one, unsure).at(0).sample('gate', gate(249)).at(100);
    expect(last(s)?.phase).toBe('normal');
    s.sample('gate', gate(251)).at(200);
    expect(last(s)).toMatchObject({ phase: 'pending', severity: 'yellow', reason: { code: 'band-touches' } });
    expect(brief(s)).toEqual([]);
  });

  test('an upper edge at the orange limit is a yellow alarm after its hold, though the estimate is within', () => {
    const of = venue([counter('gate')], [hall({ use: 'moving', areaM2: 100 })]);
    const s = scene(of, { errorFraction: 0.6 }).at(0).sample('gate', gate(187)).at(60);
    expect(brief(s)).toEqual([]);
    s.sample('gate', gate(188)).at(69.999);
    expect(brief(s)).toEqual([]);
    expect(brief(s.at(70))).toEqual([[70, 'raised', 'yellow']]);
    expect(s.open()[0]).toMatchObject({ value: 1.88, limit: 3 });
    expect(s.open()[0]?.reason).toMatchObject({
      code: 'band-over',
      en: '1.9 persons/m², about 188±113 persons, perhaps as many as 301: the orange limit is within the error; please count',
    });
    counted(s, 'gate', 150, { errorPersons: 10 }).at(99.999);
    expect(brief(s)).toEqual([[70, 'raised', 'yellow']]);
    expect(brief(s.at(100)).at(-1)).toEqual([100, 'cleared', 'yellow']);
  });

  test('it can be told to raise nothing', () => {
    const s = scene(one, { errorFraction: 0.9, bandSeverity: 'none' }).at(0).sample('gate', gate(290)).at(60);
    expect(brief(s)).toEqual([]);
  });
});

describe('crowd density, unknown never clears', () => {
  const live = venue([
    counter('gate', { reports: { everySeconds: 10 } }),
    counter('side', { reports: { everySeconds: 10 } }),
    camera('cam', { reports: { everySeconds: 10 } }),
  ]);

  test('whatever comes while a gate is silent, an alarm stands and is not milder', () => {
    const word = fc.record({
      afterSeconds: fc.integer({ min: 1, max: 9 }),
      id: fc.constantFrom('gate', 'cam'),
      came: fc.nat(40),
      left: fc.nat(200),
      persons: fc.nat(500),
    });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 25 }), (words) => {
        const s = scene(live).at(0).sample('gate', gate(420)).sample('side', gate(0)).sample('cam', seen(420)).at(12);
        expect(brief(s)).toEqual([[10, 'raised', 'orange']]);
        for (let at = 20; at <= 50; at += 10) s.at(at).sample('gate', gate(420)).sample('cam', seen(420));
        let [at, entries, exits] = [50, 420, 0];
        for (const said of words) {
          at += said.afterSeconds;
          s.at(at);
          if (said.id === 'cam') s.sample('cam', seen(said.persons));
          else {
            entries += said.came;
            exits += said.left;
            s.sample('gate', gate(entries, exits));
          }
          expect(['orange', 'red']).toContain(s.open()[0]?.severity);
        }
        s.at(at + 3600);
        expect(['orange', 'red']).toContain(s.open()[0]?.severity);
      }),
      { numRuns: 60 },
    );
  });

  test('a count by a person does not make a zone with a silent gate known', () => {
    const s = scene(live).at(0).sample('gate', gate(10)).sample('side', gate(0)).sample('cam', seen(10)).at(60);
    expect(last(s)?.phase).toBe('unknown');
    counted(s, 'gate', 50).at(70);
    expect(last(s)?.phase).toBe('unknown');
  });
});

describe('crowd density, counts by people', () => {
  test('are believed at once, keep their holds, and counting goes on from them', () => {
    const s = scene(one).at(0).sample('gate', gate(200)).at(100);
    counted(s, 'gate', 350, { errorPersons: 20 }).at(109.999);
    expect(brief(s)).toEqual([]);
    expect(brief(s.at(110))).toEqual([[110, 'raised', 'yellow']]);
    expect(s.open()[0]?.reason.zh).toContain('约 350±20 人');
    s.sample('gate', gate(250)).at(130);
    expect(brief(s).at(-1)).toEqual([120, 'escalated', 'orange']);
  });

  test('end an alarm only after the off-delay', () => {
    const s = scene(one).at(0).sample('gate', gate(320)).at(20);
    counted(s, 'gate', 200).at(49.999);
    expect(brief(s)).toHaveLength(1);
    expect(brief(s.at(50)).at(-1)).toEqual([50, 'cleared', 'yellow']);
  });

  test('of another zone, of nonsense or from long ago do nothing', () => {
    const s = scene(one).at(0).sample('gate', gate(200)).at(1);
    const before = JSON.stringify(s.save().subjects);
    s.occur('gate', 'count', { attributes: { zone: 'yard', persons: 5 } });
    s.occur('gate', 'count', { attributes: { zone: 'hall', persons: Number.NaN } });
    s.occur('gate', 'count', { attributes: { zone: 'hall', persons: -4 } });
    s.occur('gate', 'count', { attributes: { zone: 'hall', persons: 4 }, historical: true });
    expect(JSON.stringify(s.save().subjects)).toBe(before);
  });

  test('are no sign of life of the device in whose name they come', () => {
    const of = venue([counter('gate', { reports: { everySeconds: 10 } })]);
    const s = scene(of).at(0).sample('gate', gate(200)).at(25);
    counted(s, 'gate', 100).at(31);
    expect(last(s)).toMatchObject({ phase: 'unknown', reason: { params: { lacking: 'gate' } } });
  });

  test('survive a restart in the hold', () => {
    const before = scene(one).at(0).sample('gate', gate(200)).at(10);
    counted(before, 'gate', 350).at(14);
    const after = again(one, {}, 15, before).at(16).sample('gate', gate(201)).at(30);
    expect(brief(after)).toEqual([[20, 'raised', 'yellow']]);
  });

  test('a person’s count is news to the rule also through a sample of no counts', () => {
    const density = rule({ id: 'd', kind: 'crowd-density' }, one);
    const subject = { id: 'hall', device: GATE, channel: '' };
    const { state } = density.step(density.start(), sampleOf('gate', 5, gate(3)), subject);
    expect(density.step(state, { type: 'acknowledged', nowMs: 6 }, subject)).toEqual({ state });
    expect(density.step(state, { type: 'alive', nowMs: 6, device: 'gate' }, subject)).toEqual({ state });
  });
});
