import { test } from 'vitest';
import { BADGE_TYPES } from '../../../firmware-sim/wearer/adverts.ts';
import { DAILY } from '../../../firmware-sim/wearer/daily.ts';
import { FALLS } from '../../../firmware-sim/wearer/falls.ts';
import { perform } from './performing.ts';

test('tune', () => {
  const RUNS = Number(process.env.RUNS ?? 50);
  const FROM = Number(process.env.FROM ?? 100000);
  for (const [name, make] of [...Object.entries(FALLS), ...Object.entries(DAILY)]) {
    if (process.env.ONLY && !name.includes(process.env.ONLY)) continue;
    for (const type of BADGE_TYPES) {
      const t0 = performance.now();
      let down = 0,
        tilt = 0,
        asked = 0,
        late = 0;
      const bad: string[] = [];
      for (let seed = FROM; seed < FROM + RUNS; seed += 1) {
        const r = perform(make, name, type, seed);
        if (r.raised.has('man-down')) {
          down += 1;
          late = Math.max(late, r.raised.get('man-down') ?? 0);
        }
        if (r.raised.has('tilt')) tilt += 1;
        if (r.asked.has('man-down')) asked += 1;
        if (r.raised.has('man-down') !== name in FALLS) bad.push(`${seed}`);
      }
      console.log(
        `${name.padEnd(24)} ${type.padEnd(13)} man-down ${down}/${RUNS} tilt ${tilt} asked ${asked} ${(performance.now() - t0).toFixed(0)}ms latest ${late.toFixed(0)} bad ${bad.slice(0, 8).join(' ')}`,
      );
    }
  }
}, 600000);
