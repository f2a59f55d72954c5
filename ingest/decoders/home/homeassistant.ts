import type { About } from '../about.ts';
import { defineDecoder } from '../decoder.ts';
import { NOTHING, onlyFailures, unknownTopic } from '../findings.ts';
import { decodeAnnounced } from './announced-state.ts';
import { isOurs, takeAnnouncement } from './discovery.ts';
import { type DiscoveryMemory, entitiesOf, startDiscoveryMemory } from './discovery-memory.ts';
import { decodeJsonState } from './json-state.ts';

const ABOUT: About = {
  devices: {
    zh: '向 Home Assistant 宣布自己的设备（MQTT discovery），以及任何发布 JSON 的自制设备或脚本',
    en: 'devices that announce themselves to Home Assistant (MQTT discovery), and anything home-made that publishes JSON',
  },
  specification: 'https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery',
  examples: [
    { address: 'muster/riverside/json/tent', payload: '{"temperature":21.5,"humidity":40}' },
    {
      address: 'homeassistant/sensor/cellar_temperature/config',
      payload:
        '{"state_topic":"cellar/climate","value_template":"{{ value_json.t }}","unit_of_measurement":"°F","device_class":"temperature","device":{"identifiers":["cellar"]}}',
    },
    { address: 'cellar/climate', payload: '{"t":68}' },
  ],
  notes: {
    zh: '设备名：device.identifiers 的第一项，否则主题中的 node，再否则 object。value_template 只接受路径（{{ value }}、{{ value_json.a.b }}），不执行模板。未宣布的 JSON 可发到 muster/<场馆>/json/<设备> 或 homeassistant/<组件>/<设备>/state：键为常用量名（temperature、humidity、ct1_current…），压力单位 hPa，电能 kWh。从另一 broker 读取时，请在 topics 中列出状态主题。',
    en: 'A device is the first of device.identifiers, else the node of the topic, else its object. Of value_template only paths are read ({{ value }}, {{ value_json.a.b }}); no template is run. JSON that nobody announced goes to muster/<venue>/json/<device> or homeassistant/<component>/<device>/state, with usual names as keys (temperature, humidity, ct1_current …); pressure in hPa, energy in kWh. From another broker, list the state topics under topics.',
  },
};

/**
 * States as Home Assistant takes them: topics that discovery announced, wherever they are, and plain JSON.
 * Source: home-assistant.io, integrations/mqtt (MQTT discovery), integrations/sensor.mqtt.
 */
export const homeassistantDecoder = defineDecoder<DiscoveryMemory>({
  kind: 'homeassistant',
  // Last in the list of decoders: any topic may have been announced.
  topics: [
    'homeassistant/{component}/{node}/{object}/config',
    'homeassistant/{component}/{object}/config',
    'homeassistant/{component}/{device}/state',
    'homeassistant/{rest...}',
    'muster/{venue}/json/{device}',
    '{topic...}',
  ],
  about: ABOUT,
  // Of the topics that may have been announced, those of other systems are left to their own decoders.
  accepts: ({ topic }) => topic === undefined || isOurs(topic),
  memoryKey: () => 'discovery',
  startMemory: startDiscoveryMemory,
  decode(frame, { params, memory }) {
    const { component = '', node = '', object, device, rest } = params;
    if (object !== undefined) {
      return onlyFailures(takeAnnouncement(memory, { config: frame.address, component, node, object }, frame.payload));
    }
    const entities = entitiesOf(memory, frame.address);
    if (entities.length > 0) return decodeAnnounced(frame, entities);
    if (device !== undefined) return decodeJsonState(frame, device);
    // The hub's own status, other components' states.
    return rest === undefined ? unknownTopic(frame) : NOTHING;
  },
});
