import { describe, expect, test } from 'vitest';
import { inputOf, sample } from './properties/act.ts';
import { device, EPOCH, rule, type Stage, stage, venueOf } from './stage.ts';

const venue = venueOf([device('t1', { role: undefined }), device('t2', { role: undefined })]);
const quiet = rule({ id: 'quiet', kind: 'silent', for: { devices: ['t1'] } }, venue);
const heat = rule(
  { id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { orange: 50 }, holdSeconds: 20 },
  venue,
);
const scene = (options: Partial<Parameters<typeof stage>[0]> = {}): Stage =>
  stage({ venue, rules: [quiet, heat], ...options });

/** Comes now, and is of so many seconds before. */
const late = (s: Stage, id: string, bySeconds: number, celsius = 20, channel?: string): Stage =>
  s.put(inputOf(sample(id, { temperatureCelsius: celsius }, channel), s.nowMs - bySeconds * 1000, s.nowMs));

const told = (s: Stage): string[] => s.story().map(([at, type]) => `${at} ${type}`);

describe('an input that is late', () => {
  test.each([undefined, 'a'])('leaves a device heard when it was heard last (channel %s)', (channel) => {
    const s = scene()
      .at(0)
      .sample('t1', { temperatureCelsius: 20 })
      .at(80)
      .sample('t1', { temperatureCelsius: 20 })
      .at(85);
    expect(told(late(s, 't1', 40, 20, channel).at(169.999))).toEqual([]);
    expect(told(s.at(170))).toEqual(['170 raised']);
  });

  test('from before anybody listened makes no device silent sooner, also after a restart', () => {
    const first = late(scene().at(10), 't1', 60);
    const second = scene({ startSeconds: 10, snapshot: first.save() });
    for (const s of [first, second]) expect(told(s.at(89.999))).toEqual([]);
    for (const s of [first, second]) expect(told(s.at(90))).toEqual(['90 raised']);
  });

  test('finds done what time had done by when it came', () => {
    const s = scene().at(0).sample('t2', { temperatureCelsius: 60 });
    // No timer has fired between them: the next input itself has to see to it.
    const now = EPOCH + 21_000;
    s.put(inputOf(sample('t2', { temperatureCelsius: 20 }), now - 2000, now));
    expect(told(s)).toEqual(['20 raised', '20 cleared', '20 closed']);
  });

  test('of a burst that was kept back counts for the time between its values', () => {
    const s = scene().at(60);
    late(late(late(s, 't2', 50, 60), 't2', 40, 20), 't2', 30, 60);
    expect(told(s.at(60))).toEqual(['50 raised']);
    expect(told(late(scene().at(60), 't2', 50, 60).at(61))).toEqual(['30 raised']);
  });
});
