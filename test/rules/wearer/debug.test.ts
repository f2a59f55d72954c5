import { test } from 'vitest';
import { seededRandom } from '../../../firmware-sim/random.ts';
import { BADGE_TYPES, wear } from '../../../firmware-sim/wearer/adverts.ts';
import { DAILY } from '../../../firmware-sim/wearer/daily.ts';
import { FALLS } from '../../../firmware-sim/wearer/falls.ts';
import { perform } from './performing.ts';

test('debug', () => {
  const name = process.env.NAME ?? '';
  const type = BADGE_TYPES.find((t) => t === process.env.TYPE) ?? 'ruuvi5';
  const seed = Number(process.env.SEED);
  const make = { ...FALLS, ...DAILY }[name];
  if (!make) throw new Error('name');
  const random = seededRandom(seed, `${name} ${type}`);
  const p = make(random);
  const mount = name.startsWith('lanyard') || random.chance(0.5) ? 'lanyard' : 'clip';
  console.log(
    mount,
    JSON.stringify(
      p.phases.map((x) => [
        x.fromSeconds.toFixed(1),
        x.pose.tiltDegrees.toFixed(0),
        x.pose.azimuthDegrees.toFixed(0),
        x.motion,
        x.badge,
      ]),
    ),
    p.fallenAtSeconds,
  );
  const { upright, adverts } = wear(p, type, mount, seed, 'C1:22:33:44:55:66');
  for (const { atSeconds, data } of adverts) {
    let a: number[];
    if (type === 'ruuvi5') {
      const o = data.length - 24 + 7;
      a = [data.readInt16BE(o) / 1000, data.readInt16BE(o + 2) / 1000, data.readInt16BE(o + 4) / 1000];
    } else {
      const o = data.length - 15;
      a = [data.readInt32LE(o + 1) / 9806650, data.readInt32LE(o + 6) / 9806650, data.readInt32LE(o + 11) / 9806650];
    }
    const m = Math.hypot(...a);
    const c = (a[0]! * upright[0] + a[1]! * upright[1] + a[2]! * upright[2]) / m / Math.hypot(...upright);
    console.log(
      atSeconds.toFixed(2),
      a.map((v) => v.toFixed(3)).join(' '),
      '|a|',
      m.toFixed(2),
      'tilt',
      ((Math.acos(Math.max(-1, Math.min(1, c))) * 180) / Math.PI).toFixed(0),
      type === 'ruuvi5' ? data[data.length - 24 + 15] : '',
    );
  }
  console.log(perform(make, name, type, seed));
});
