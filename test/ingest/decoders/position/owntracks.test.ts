import { describe, expect, it } from 'vitest';
import { channelsOf, codesOf, decode } from '../decoding.ts';

const TOPIC = 'owntracks/li/phone';
const NOTHING = { samples: [], occurrences: [], failures: [] };

describe('OwnTracks', () => {
  it('decodes a location', () => {
    const { samples, failures } = decode(TOPIC, {
      _type: 'location',
      SSID: 'mywifi',
      acc: 12,
      alt: 154,
      batt: 53,
      cog: 270,
      lat: 48.856826,
      lon: 2.292713,
      tid: 'j1',
      tst: 1_706_856_298,
      vel: 54,
    });
    expect(failures).toEqual([]);
    expect(samples).toMatchObject([{ device: 'li-phone', timeMs: 1_706_856_298_000, timeFrom: 'device' }]);
    expect(samples[0]?.metrics).toEqual({
      latitudeDegrees: 48.856826,
      longitudeDegrees: 2.292713,
      accuracyMeters: 12,
      altitudeMeters: 154,
      speedMetersPerSecond: 15,
      courseDegrees: 270,
      batteryPercent: 53,
    });
  });

  it('takes a negative speed or course as unknown', () => {
    const decoded = decode(TOPIC, { _type: 'location', lat: 1, lon: 2, vel: -1, cog: -1 });
    expect(decoded.failures).toEqual([]);
    expect(channelsOf(decoded)).toEqual({ '': { latitudeDegrees: 1, longitudeDegrees: 2 } });
  });

  it('drops half a position but keeps the battery', () => {
    const decoded = decode(TOPIC, { _type: 'location', lat: 91, lon: 2, acc: 5, batt: 50 });
    expect(codesOf(decoded)).toEqual(['out-of-range']);
    expect(channelsOf(decoded)).toEqual({ '': { batteryPercent: 50 } });
  });

  it('decodes transitions and the will', () => {
    const transition = { _type: 'transition', event: 'leave', desc: 'Stage', tst: 1_706_856_298, lat: 1, lon: 2 };
    expect(decode(`${TOPIC}/event`, transition).occurrences).toMatchObject([
      {
        device: 'li-phone',
        kind: 'transition',
        timeMs: 1_706_856_298_000,
        attributes: { event: 'leave', region: 'Stage' },
      },
    ]);
    expect(decode(TOPIC, { _type: 'lwt', tst: 1_706_856_298 }).occurrences).toMatchObject([
      { kind: 'offline', timeFrom: 'arrival' },
    ]);
  });

  it('cuts long names of regions', () => {
    const transition = { _type: 'transition', event: 'enter', desc: 'x'.repeat(5000) };
    const [occurrence] = decode(`${TOPIC}/event`, transition).occurrences;
    expect(`${occurrence?.attributes.region}`).toHaveLength(256);
  });

  it.each([
    [TOPIC, '{"_type":"waypoints"}'],
    [TOPIC, ''],
    [`${TOPIC}/cmd`, 'anything'],
  ])('leaves %s %s alone', (topic, payload) => {
    expect(decode(topic, payload)).toEqual(NOTHING);
  });

  it.each([
    ['{"_type":"location"}', 'wrong-shape'],
    ['{"_type":"location","lat":"1","lon":2}', 'wrong-type'],
    ['{"_type":"transition","event":"near"}', 'wrong-shape'],
    ['{"lat":1,"lon":2}', 'wrong-shape'],
    ['[]', 'wrong-shape'],
    ['{"_type":"location"', 'not-json'],
  ])('refuses %s', (payload, code) => {
    const decoded = decode(TOPIC, payload);
    expect([codesOf(decoded), decoded.samples]).toEqual([[code], []]);
  });
});
