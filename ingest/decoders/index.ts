import { accessLogDecoder } from './access/access-log.ts';
import { ruuviGatewayDecoder } from './ble/gateways/ruuvi-gateway.ts';
import { shellyBluDecoder } from './ble/gateways/shelly-blu.ts';
import { theengsDecoder } from './ble/gateways/theengs.ts';
import { frigateDecoder } from './camera/frigate.ts';
import type { Decoder } from './decoder.ts';
import { esphomeDecoder } from './home/esphome.ts';
import { homeassistantDecoder } from './home/homeassistant.ts';
import { zigbee2mqttDecoder } from './home/zigbee2mqtt.ts';
import { chirpstackDecoder } from './lorawan/chirpstack.ts';
import { senmlDecoder } from './muster/senml.ts';
import { owntracksDecoder } from './position/owntracks.ts';
import { shellyDecoder } from './power/shelly.ts';
import { tasmotaDecoder } from './power/tasmota.ts';
import { sparkplugDecoder } from './sparkplug/sparkplug.ts';

/**
 * Every format that arrives by topic. The first whose pattern matches takes it: formats with a first level of their
 * own come before those whose topics begin with a device's name.
 */
export const DECODERS: readonly Decoder[] = [
  senmlDecoder,
  accessLogDecoder,
  zigbee2mqttDecoder,
  frigateDecoder,
  owntracksDecoder,
  ruuviGatewayDecoder,
  theengsDecoder,
  chirpstackDecoder,
  sparkplugDecoder,
  shellyBluDecoder,
  tasmotaDecoder,
  shellyDecoder,
  esphomeDecoder,
  homeassistantDecoder,
];
