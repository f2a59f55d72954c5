import { describe, expect, test } from 'vitest';
import type { Input, RuleState, Venue } from '../../../rules/rule.ts';
import { device, EPOCH, occurrenceOf, rule, sampleOf, zone } from '../stage.ts';
import { camera, counter, gate, hall, seen, venue } from './stage.ts';

const DENSITY = { id: 'density', kind: 'crowd-density' };
const GATE = counter('gate', { widthMetres: 2 });
const at = (seconds: number): number => EPOCH + seconds * 1000;

/** What people see of the hall after these inputs. */
const view = (of: Venue, config: Record<string, unknown>, ...inputs: readonly Input[]) => {
  const density = rule({ ...DENSITY, ...config }, of);
  const subject = { id: 'hall', device: GATE, channel: '' };
  let state: RuleState | undefined;
  for (const input of inputs) state = density.step(state ?? density.start(), input, subject).state;
  return density.crowdOf?.(state, 'hall');
};

describe('what people see of a zone', () => {
  const of = venue([GATE, camera('cam')], [hall({ capacity: 500 })]);

  test('before anybody has counted: nothing is known, and the figures mean nothing', () => {
    expect(view(of, {})).toEqual({
      phase: 'unknown',
      severity: undefined,
      counted: false,
      persons: 0,
      from: 'counters',
      densityPerM2: 0,
      errorPersons: 0,
      driftPersons: 0,
      feeders: new Set(['gate', 'cam']),
      lacking: ['gate'],
      complete: false,
      densityLimits: { yellow: 3, orange: 4, red: 4.7 },
      personsLimits: { yellow: 450, orange: 500 },
      conflict: undefined,
      ahead: undefined,
      flow: undefined,
      egressMinutes: 0,
      gateBiases: [],
      fix: undefined,
      zeroSkipped: false,
    });
  });

  test('the count with all that is known of it', () => {
    const by = { zone: 'hall', persons: 320, by: 'chen' };
    const shown = view(
      of,
      { holdSeconds: 0, driftPersonsPerHour: 0 },
      sampleOf('gate', at(0), gate(300, 0)),
      occurrenceOf('gate', 'count', at(10), { attributes: by }),
      sampleOf('gate', at(20), gate(318)),
      sampleOf('cam', at(30), seen(900)),
    );
    expect(shown).toMatchObject({
      phase: 'active',
      severity: 'red',
      counted: true,
      from: 'fused',
      lacking: [],
      complete: true,
      conflict: 'more',
      fix: { atMs: at(10), by: 'chen', persons: 320, was: 300 },
    });
    expect(shown?.egressMinutes).toBeCloseTo((shown?.persons ?? 0) / 164, 9);
    expect(shown?.gateBiases).toMatchObject([{ device: 'gate', channel: '' }]);
    expect(shown?.gateBiases[0]?.share).toBeLessThan(0);
  });

  test('a zone without area or capacity has no limits of that sort', () => {
    expect(view(venue([GATE]), {})).toMatchObject({ personsLimits: {}, densityPerM2: 0 });
    const noArea = venue([counter('gate')], [hall({ areaM2: undefined, capacity: 500 })]);
    const shown = view(noArea, { zones: ['hall'] });
    expect(shown).toMatchObject({ densityLimits: {}, densityPerM2: undefined, egressMinutes: undefined });
  });

  test('only of zones that the rule watches', () => {
    const density = rule({ ...DENSITY, zones: ['hall'] }, venue([GATE], [hall(), zone('yard')]));
    expect(density.crowdOf?.(undefined, 'yard')).toBeUndefined();
    expect(density.crowdOf?.(undefined, 'hall')).toBeDefined();
  });

  test('who may be counted by whom: badges alone, cameras alone, or several', () => {
    const badge = device('b1');
    const config = { badges: { share: 0.1 } };
    const all = venue([camera('cam'), badge]);
    const heard = occurrenceOf('b1', 'presence', at(1), { attributes: { zone: 'hall' } });
    const watched = sampleOf('cam', at(0), seen(12));
    expect(view(venue([badge]), config, heard)).toMatchObject({ from: 'fused', persons: 10, counted: true });
    expect(view(all, config, watched)).toMatchObject({ from: 'cameras', persons: 12 });
    expect(view(all, config, watched, heard)).toMatchObject({ from: 'fused' });
    expect(view(of, {}, sampleOf('gate', at(0), gate(5)))).toMatchObject({ from: 'counters' });
  });

  test('the accuracy of single gates', () => {
    const gates = venue([counter('gate'), counter('side')]);
    const config = { errorFraction: 0.02, gateErrors: { side: 0.5 }, driftPersonsPerHour: 0 };
    expect(view(gates, config, sampleOf('gate', at(0), gate(100)))?.errorPersons).toBe(2);
    expect(view(gates, config, sampleOf('side', at(0), gate(100)))?.errorPersons).toBe(50);
  });
});

describe('a count by a person', () => {
  const counted = (attributes: Record<string, string | number | null>, historical = false) =>
    view(
      venue([GATE]),
      {},
      sampleOf('gate', at(0), gate(40)),
      occurrenceOf('gate', 'count', at(1), { attributes: { zone: 'hall', ...attributes }, historical }),
    );

  test('may be of nobody, and without a name', () => {
    expect(counted({ persons: 0 })).toMatchObject({ persons: 0, fix: { by: '', persons: 0, was: 40 } });
    expect(counted({ persons: 3, by: 'chen' })?.fix?.by).toBe('chen');
  });

  test.each([Number.POSITIVE_INFINITY, Number.NaN, -1, '12', null])('of %j persons is none', (persons) => {
    expect(counted({ persons })).toMatchObject({ persons: 40, fix: undefined });
  });

  test('from long ago, or of no zone, is none', () => {
    expect(counted({ persons: 3 }, true)?.fix).toBeUndefined();
    expect(counted({ persons: 3, zone: null })?.fix).toBeUndefined();
  });

  test('is off by what they say, or by what the rule takes for it', () => {
    expect(counted({ persons: 100, errorPersons: 30 })?.errorPersons).toBe(30);
    expect(counted({ persons: 100 })?.errorPersons).toBe(5);
  });
});

test('a badge of which nobody says where it is stays where it was', () => {
  const heard = (zoneId: string | null) => occurrenceOf('b1', 'presence', at(1), { attributes: { zone: zoneId } });
  const config = { badges: { share: 0.1 } };
  const of = venue([GATE, device('b1')], [hall(), zone('yard')]);
  expect(view(of, config, heard('hall'), heard(null))?.from).toBe('fused');
  expect(view(of, config, heard('hall'), heard('yard'))?.from).toBe('counters');
});

test('the next limit ahead is that above the count: reached is not ahead', () => {
  const rising = (until: number) => {
    const inputs = Array.from({ length: 31 }, (_, step) => sampleOf('gate', at(step * 10), gate(until - 30 + step)));
    return view(venue([counter('gate')], [hall({ capacity: 400 })]), {}, ...inputs)?.ahead;
  };
  expect(rising(299)).toMatchObject({ limit: 3, unit: 'persons/m²', severity: 'yellow' });
  expect(rising(299)?.inMs).toBeCloseTo(10_000, 3);
  // 90 % of the capacity are 360 persons, before 4 persons/m².
  expect(rising(300)).toMatchObject({ limit: 360, unit: 'persons', severity: 'yellow' });
  // The capacity and 4 persons/m² are the same: the density is said.
  expect(rising(360)).toMatchObject({ limit: 4, unit: 'persons/m²', severity: 'orange' });
  expect(rising(470)).toBeUndefined();
});
