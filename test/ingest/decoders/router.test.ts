import { describe, expect, it } from 'vitest';
import { decodeFrame } from '../../../ingest/decoders/decode-frame.ts';
import { defineDecoder } from '../../../ingest/decoders/decoder.ts';
import { NOTHING, refused } from '../../../ingest/decoders/findings.ts';
import { DECODERS } from '../../../ingest/decoders/index.ts';
import { createMemories } from '../../../ingest/decoders/memories.ts';
import { createRouter } from '../../../ingest/decoders/router.ts';
import { compilePattern } from '../../../ingest/decoders/topic-pattern.ts';
import { mqttFrame } from '../../../ingest/model/frame.ts';

const match = (pattern: string, topic: string) => compilePattern(pattern).match(topic.split('/'));

describe('topic patterns', () => {
  it('captures one level, the rest, or nothing', () => {
    expect(match('a/{b}/c', 'a/x/c')).toEqual({ b: 'x' });
    expect(match('a/{b...}', 'a/x/y/z')).toEqual({ b: 'x/y/z' });
    expect(match('a/+/c', 'a/x/c')).toEqual({});
  });

  it.each([
    ['a/{b}/c', 'a/x/d'],
    ['a/{b}/c', 'a/x/c/d'],
    ['a/{b}/c', 'a//c'],
    ['a/{b...}', 'a'],
    ['{a}/b', '$SYS/b'],
    ['+/b', '$SYS/b'],
  ])('%s does not match %s', (pattern, topic) => {
    expect(match(pattern, topic)).toBeUndefined();
  });

  it('refuses a rest that is not last', () => {
    expect(() => compilePattern('a/{b...}/c')).toThrow('must come last');
  });
});

describe('router', () => {
  const kindOf = (topic: string, venueId?: string) => createRouter(DECODERS, { venueId }).route(topic)?.decoder.kind;

  it.each([
    ['muster/riverside/up/gate-a', 'senml'],
    ['zigbee2mqtt/hall/sensor/door/state', 'zigbee2mqtt'],
    ['zigbee2mqtt/bridge/state', 'zigbee2mqtt'],
    ['tele/plug/SENSOR', 'tasmota'],
    ['plug/tele/LWT', 'tasmota'],
    ['shellypro3em-aabb/events/rpc', 'shelly'],
    ['shellypro3em-aabb/status/em:0', 'shelly'],
    ['ruuvi/C8:25:2D:8E:9C:2C/F4:1F:0C:28:CB:D6', 'ruuvi-gateway'],
    ['home/gateway/BTtoMQTT/A4C138000000', 'theengs'],
    ['owntracks/li/phone', 'owntracks'],
    ['frigate/status', 'frigate'],
    ['frigate/hall/person', 'frigate'],
    ['node/sensor/hall_temperature/state', 'esphome'],
    ['node/status', 'esphome'],
    ['homeassistant/sensor/node/hall_temperature/config', 'homeassistant'],
    ['homeassistant/status', 'homeassistant'],
    ['cellar/climate', 'homeassistant'],
    ['muster/riverside/json/tent', 'homeassistant'],
    ['muster/riverside/access/records', 'access'],
    ['application/1/device/2/event/up', 'chirpstack'],
    ['spBv1.0/group/NBIRTH/node', 'sparkplug'],
    ['spBv1.0/group/DDATA/node/device', 'sparkplug'],
    ['spBv1.0/STATE/host', 'sparkplug'],
  ])('%s goes to %s', (topic, kind) => {
    expect(kindOf(topic)).toBe(kind);
  });

  it.each(['muster/riverside/alarm/x', 'application/1/device/2/command/down', '$SYS/broker/uptime', '', '/'])(
    'nobody takes %j',
    (topic) => {
      expect(kindOf(topic)).toBeUndefined();
    },
  );

  it('knows its own venue only, once it is given one', () => {
    expect(kindOf('muster/riverside/up/a', 'riverside')).toBe('senml');
    expect(kindOf('muster/elsewhere/up/a', 'riverside')).toBeUndefined();
  });

  it('lets a decoder learn from what another one takes', () => {
    const memories = createMemories();
    const heard: string[] = [];
    const learner = defineDecoder<{ learnt: boolean }>({
      kind: 'learner',
      topics: ['a'],
      overhears: ['b/{name}'],
      memoryKey: ({ name = 'x' }) => name,
      startMemory: () => ({ learnt: false }),
      decode: (frame, { memory }) => {
        heard.push(`${frame.address} ${memory.learnt}`);
        memory.learnt = true;
        return refused('not-text', '', 'nothing');
      },
    });
    const teacher = defineDecoder({ kind: 'teacher', topics: ['b/{name}'], decode: () => NOTHING });
    const router = createRouter([teacher, learner]);
    const decoded = (topic: string) => decodeFrame(mqttFrame('s', topic, new Uint8Array(), 0), router, memories);
    expect(decoded('b/x')).toEqual({ kind: 'teacher', decoded: NOTHING });
    expect(decoded('a').decoded.failures).toHaveLength(1);
    expect(heard).toEqual(['b/x false', 'a true']);
  });

  it('prefers configured topics', () => {
    const router = createRouter(DECODERS, { extraTopics: { shelly: ['zigbee2mqtt/shellies/{device}/events/rpc'] } });
    expect(router.route('zigbee2mqtt/shellies/em/events/rpc')?.memoryKey).toBe('shelly:em');
  });

  it('answers the same route for the same topic, and remembers misses too', () => {
    let asked = 0;
    const decoder = defineDecoder({
      kind: 'probe',
      topics: ['a/{b}'],
      accepts: () => {
        asked += 1;
        return asked > 1;
      },
      decode: () => NOTHING,
    });
    const router = createRouter([decoder]);
    expect(router.route('a/1')).toBeUndefined();
    expect(router.route('a/1')).toBeUndefined();
    expect(router.route('a/2')).toBe(router.route('a/2'));
    expect(asked).toBe(2);
    expect(router.cachedTopics).toBe(2);
  });

  it('stays bounded under invented topics', () => {
    const router = createRouter(DECODERS);
    for (let index = 0; index < 60_000; index += 1) router.route(`nobody/${index}`);
    router.route(`nobody/${'x'.repeat(1000)}`);
    expect(router.cachedTopics).toBe(50_000);
    expect(router.route('tele/plug/SENSOR')?.decoder.kind).toBe('tasmota');
  });
});
