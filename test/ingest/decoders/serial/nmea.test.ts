import { describe, expect, it } from 'vitest';
import { codesOf } from '../decoding.ts';
import { type Line, startLine, withChecksum } from './lines.ts';

const AT_MS = Date.UTC(2026, 5, 1, 12, 0, 0);

const rmc = (clock: string, date: string, mode = 'A', place = '5201.0809,N,00832.0852,E') =>
  withChecksum(`GPRMC,${clock},A,${place},0.87,249.59,${date},,,${mode}`);
const gga = (clock: string, quality = '1', place = '5201.0809,N,00832.0852,E') =>
  withChecksum(`GPGGA,${clock},${place},${quality},04,1.5,32.1,M,47.2,M,,0000`);

const stampAfter = (line: Line, sentence: string, arrivedMs: number): string => {
  const { samples } = line.decode(sentence, { arrivedMs });
  const [sample] = samples;
  return sample === undefined ? 'none' : `${sample.timeFrom} ${new Date(sample.timeMs).toISOString()}`;
};

describe('NMEA 0183', () => {
  it('is a position without speed from GGA, and speed in m/s from RMC; what is known of one fix is told together', () => {
    const line = startLine();
    const arrivedMs = AT_MS + 150;
    const [first] = line.decode(gga('120000.000'), { arrivedMs }).samples;
    expect(first?.metrics).toEqual({
      latitudeDegrees: 52 + 1.0809 / 60,
      longitudeDegrees: 8 + 32.0852 / 60,
      altitudeMeters: 32.1,
      accuracyMeters: 1.5 * 19,
    });
    expect(first).toMatchObject({ device: 'port', channel: '', timeFrom: 'arrival', timeMs: arrivedMs });
    const [second] = line.decode(rmc('120000.000', '010626'), { arrivedMs }).samples;
    expect(second?.metrics).toEqual({
      ...first?.metrics,
      speedMetersPerSecond: 0.87 * (1852 / 3600),
      courseDegrees: 249.59,
    });
    expect(second).toMatchObject({ timeFrom: 'device', timeMs: AT_MS });
    // Nothing new.
    expect(line.decode(withChecksum('GPGLL,5201.0809,N,00832.0852,E,120000.000,A,A'), { arrivedMs })).toEqual({
      samples: [],
      occurrences: [],
      failures: [],
    });
    // A fix of its own: height and speed of the one before are not carried over, the dilution of a second ago is.
    const [next] = line.decode(withChecksum('GPGLL,5201.0810,N,00832.0852,E,120001.000,A,A'), { arrivedMs }).samples;
    expect(Object.keys(next?.metrics ?? {}).sort()).toEqual(['accuracyMeters', 'latitudeDegrees', 'longitudeDegrees']);
    expect(next).toMatchObject({ timeFrom: 'device', timeMs: AT_MS + 1000 });
  });

  it('takes speed and course of VTG, in knots or km/h, for the fix that it follows', () => {
    const line = startLine();
    expect(line.decode(withChecksum('GPVTG,054.7,T,034.4,M,005.5,N,010.2,K,A')).samples).toEqual([]);
    line.decode(gga('120000'));
    const speeds = ['GPVTG,054.7,T,034.4,M,005.5,N,010.2,K,A', 'GNVTG,054.7,T,,M,,N,36.0,K,D', 'GPVTG,054.7,034.4,5,9'];
    expect(
      speeds.map((body) => line.decode(withChecksum(body)).samples[0]?.metrics.speedMetersPerSecond?.toFixed(3)),
    ).toEqual(['2.829', '10.000', '2.572']);
    expect(line.decode(withChecksum('GPVTG,,T,,M,,N,,K,N')).samples).toEqual([]);
  });

  it('takes the dilution of GSA, for ten seconds, and of a corrected fix as the better one', () => {
    const line = startLine();
    const accuracy = (sentence: string, arrivedMs: number) =>
      line.decode(sentence, { arrivedMs }).samples[0]?.metrics.accuracyMeters;
    line.decode(withChecksum('GNGSA,A,3,80,71,73,79,69,,,,,,,,1.83,1.09,1.47'), { arrivedMs: AT_MS });
    expect(accuracy(rmc('120000', '010626'), AT_MS)).toBeCloseTo(1.09 * 19);
    expect(accuracy(rmc('120020', '010626'), AT_MS + 20_000)).toBeUndefined();
    expect(accuracy(gga('120021', '2'), AT_MS + 21_000)).toBeCloseTo(1.5 * 4.75);
    expect(accuracy(gga('120022', '4'), AT_MS + 22_000)).toBeCloseTo(1.5 * 4.75);
    line.decode(withChecksum('GNGSA,A,1,,,,,,,,,,,,,,,'), { arrivedMs: AT_MS + 22_000 });
    expect(accuracy(rmc('120023', '010626'), AT_MS + 23_000)).toBeUndefined();
  });

  it.each(['GP', 'GN', 'GL', 'GA', 'GB', 'BD', 'QZ'])('of talker %s', (talker) => {
    const body = `${talker}GLL,4527.458,S,16709.165,W,225308,A`;
    expect(startLine().decode(withChecksum(body)).samples).toMatchObject([
      { metrics: { latitudeDegrees: -(45 + 27.458 / 60), longitudeDegrees: -(167 + 9.165 / 60) } },
    ]);
  });

  it.each([
    ['quality 0', gga('120000', '0')],
    ['dead reckoning', gga('120000', '6')],
    ['entered by hand', gga('120000', '7')],
    ['a simulator', gga('120000', '8')],
    ['a quality that does not exist', gga('120000', 'x')],
    ['no quality', gga('120000', '')],
    ['void RMC', withChecksum('GPRMC,120000,V,5201.08,N,00832.08,E,0.1,2.0,010626,,')],
    ['mode N', rmc('120000', '010626', 'N')],
    ['mode E', rmc('120000', '010626', 'E')],
    ['mode S', rmc('120000', '010626', 'S')],
    ['void GLL', withChecksum('GPGLL,5201.0809,N,00832.0852,E,142819.299,V,N')],
    ['GLL without a status', withChecksum('GPGLL,5201.0809,N,00832.0852,E')],
    ['an empty position', gga('120000', '1', ',,,')],
    ['half a position', gga('120000', '1', '5201.0809,N,,')],
    ['a sentence of another kind', withChecksum('GPGSV,3,1,11,03,03,111,00,04,15,270,00,06,01,010,00,13,06,292,00')],
    ['a proprietary one', withChecksum('PMTK010,001')],
    ['a compass', withChecksum('HCHDG,101.1,,,7.1,W')],
    ['AIS', '!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C'],
  ])('gives no position for %s, and that is no failure', (_what, sentence) => {
    expect(startLine().decode(sentence)).toEqual({ samples: [], occurrences: [], failures: [] });
  });

  it('forgets a fix that is lost: what comes then is not filled up with what was', () => {
    const line = startLine();
    line.decode(gga('120000'));
    line.decode(gga('120001', '0'));
    expect(line.decode(withChecksum('GPVTG,054.7,T,034.4,M,005.5,N,010.2,K,A')).samples).toEqual([]);
    const [sample] = line.decode(rmc('120000', '010626')).samples;
    expect(sample?.metrics).not.toHaveProperty('altitudeMeters');
  });

  it.each([
    ['0/0', '0000.0000,N,00000.0000,E', 'out-of-range'],
    ['a latitude beyond the pole', '9100.0000,N,00000.0000,E', 'out-of-range'],
    ['a longitude beyond the line', '1000.0000,N,18100.0000,E', 'out-of-range'],
    ['sixty minutes', '5260.0000,N,00832.0852,E', 'not-a-number'],
    ['a side that does not exist', '5201.0809,X,00832.0852,E', 'not-a-number'],
    ['letters', '52O1.0809,N,00832.0852,E', 'not-a-number'],
    ['a sign', '-5201.0809,N,00832.0852,E', 'not-a-number'],
  ])('refuses %s', (_what, place, code) => {
    const decoded = startLine().decode(gga('120000', '1', place));
    expect(decoded.samples).toEqual([]);
    expect(codesOf(decoded)).toEqual([code]);
  });

  it.each([
    ['a wrong checksum', '$GPGLL,5201.0809,N,00832.0852,E,142819.299,A,A*5E'],
    ['none', '$GPGLL,5201.0809,N,00832.0852,E,142819.299,A,A'],
    ['half of one', '$GPGLL,5201.0809,N,00832.0852,E,142819.299,A,A*5'],
  ])('refuses %s', (_what, sentence) => {
    const decoded = startLine().decode(sentence);
    expect(decoded.samples).toEqual([]);
    expect(codesOf(decoded)).toEqual(['wrong-checksum']);
  });

  it('a field that cannot be read costs this field alone', () => {
    const decoded = startLine().decode(withChecksum('GPRMC,120000,A,5201.0809,N,00832.0852,E,fast,249.59,010626,,,A'), {
      arrivedMs: AT_MS,
    });
    expect(codesOf(decoded)).toEqual(['not-a-number']);
    expect(Object.keys(decoded.samples[0]?.metrics ?? {}).sort()).toEqual([
      'courseDegrees',
      'latitudeDegrees',
      'longitudeDegrees',
    ]);
  });
});

describe('the clock of a receiver', () => {
  const DAY_MS = 86_400_000;
  const midnight = Date.UTC(2026, 5, 2);

  it('crosses midnight in either order of sentences', () => {
    const line = startLine();
    expect(stampAfter(line, rmc('235959.00', '010626'), midnight - 900)).toBe('device 2026-06-01T23:59:59.000Z');
    expect(stampAfter(line, gga('000000.00'), midnight + 100)).toBe('device 2026-06-02T00:00:00.000Z');
    expect(stampAfter(line, rmc('000001.00', '020626'), midnight + 1100)).toBe('device 2026-06-02T00:00:01.000Z');
    expect(stampAfter(line, gga('235959.90'), midnight + 1200)).toBe('device 2026-06-01T23:59:59.900Z');
  });

  it('is not believed where the date was told too long ago, or never', () => {
    const line = startLine();
    expect(stampAfter(line, gga('120000'), AT_MS)).toBe(`arrival ${new Date(AT_MS).toISOString()}`);
    line.decode(rmc('120000', '010626'), { arrivedMs: AT_MS });
    const later = AT_MS + DAY_MS;
    expect(stampAfter(line, gga('120000'), later)).toBe(`arrival ${new Date(later).toISOString()}`);
  });

  it('that counts weeks to 1,024 is put right; a date that is just old is left as it is', () => {
    const rolled = AT_MS - 1024 * 7 * DAY_MS;
    const date = new Date(rolled).toISOString().slice(2, 10).split('-').reverse().join('');
    expect(stampAfter(startLine(), rmc('120000', date), AT_MS + 300)).toBe('device 2026-06-01T12:00:00.000Z');
    expect(stampAfter(startLine(), rmc('120000', '090605'), AT_MS)).toBe('device 2005-06-09T12:00:00.000Z');
  });

  it('that runs a week ahead, or stands before 2000, costs the stamp and not the position', () => {
    for (const date of ['080626', '310399']) {
      const decoded = startLine().decode(rmc('120000', date), { arrivedMs: AT_MS });
      expect(codesOf(decoded)).toEqual(['wrong-time']);
      expect(decoded.samples).toMatchObject([{ timeFrom: 'arrival', timeMs: AT_MS }]);
    }
  });

  it.each(['310226', '000026', '0106', '01o626'])('a date such as %s is none', (date) => {
    expect(stampAfter(startLine(), rmc('120000', date), AT_MS)).toBe(`arrival ${new Date(AT_MS).toISOString()}`);
  });

  it.each(['240000', '126000', '120061', '12000', ''])('a time such as %j is none', (clock) => {
    expect(stampAfter(startLine(), rmc(clock, '010626'), AT_MS)).toBe(`arrival ${new Date(AT_MS).toISOString()}`);
  });
});
