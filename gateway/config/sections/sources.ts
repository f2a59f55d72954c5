import { z } from 'zod';
import { REGISTER_MAP_NAMES } from '../../../ingest/decoders/modbus/maps/index.ts';
import {
  fileSchema,
  hostSchema,
  idSchema,
  mqttUrlSchema,
  pathSchema,
  portSchema,
  secondsSchema,
  topicFilterSchema,
} from './ids.ts';

const tlsFiles = {
  certFile: fileSchema.describe('certificate chain, PEM'),
  keyFile: fileSchema.describe('private key, PEM'),
  minVersion: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2').describe('oldest version of TLS that is accepted'),
  clientCaFile: fileSchema.optional().describe('clients must show a certificate of this authority, PEM'),
} as const;

const limitsSchema = z
  .strictObject({
    maxPacketBytes: z.int().min(64).max(16_777_216).default(65_536).describe('largest packet, bytes'),
    maxConnections: z.int().min(1).max(1_000_000).default(20_000).describe('connections at once'),
    maxConnectionsPerAddress: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(20_000)
      .describe('connections at once from one IP address; behind a bridge or NAT all devices share one'),
    publishesPerSecond: z.number().positive().max(1_000_000).default(500).describe('publishes a second of one client'),
    publishBurst: z.int().min(1).max(1_000_000).default(1000).describe('publishes at once of one client'),
    maxInflight: z.int().min(1).max(65_535).default(1000).describe('unacknowledged publishes of one client'),
    connectTimeoutSeconds: secondsSchema.min(1).default(10).describe('from connection to CONNECT, seconds'),
    drainTimeoutSeconds: secondsSchema.min(1).default(4).describe('a reader that takes nothing for so long is cut off'),
  })
  .describe('what one client, or all of them, may ask of the broker');

/** How a serial port is set. */
const serialPortSettings = {
  path: fileSchema.describe('serial port: /dev/serial/by-id/… stays the same whatever else is plugged in'),
  baudRate: z.int().min(50).max(4_000_000).default(115_200).describe('bits a second'),
  dataBits: z
    .union([z.literal(5), z.literal(6), z.literal(7), z.literal(8)])
    .default(8)
    .describe('bits of a character'),
  parity: z.enum(['none', 'even', 'odd']).default('none').describe('parity bit'),
  stopBits: z
    .union([z.literal(1), z.literal(2)])
    .default(1)
    .describe('stop bits'),
  rtscts: z.boolean().default(false).describe('flow control by RTS and CTS'),
} as const;

/** How far the stamps of a source's devices are believed. */
const timing = {
  backfills: z
    .boolean()
    .default(false)
    .describe('devices send what they kept while offline: judged by their own stamps, late ones only stored'),
  lateToleranceSeconds: secondsSchema.default(30).describe('how old a sample of a source that backfills is still live'),
} as const;

const mqttBrokerSchema = z.strictObject({
  kind: z.literal('mqtt-broker').describe('the embedded MQTT 3.1.1 broker'),
  id: idSchema.default('mqtt').describe('name of the source'),
  tcp: z
    .strictObject({
      host: hostSchema.default('127.0.0.1').describe('address to listen on'),
      port: portSchema.default(1883).describe('TCP port; 0 takes a free one'),
    })
    .optional()
    .describe('plain MQTT over TCP'),
  tls: z
    .strictObject({
      host: hostSchema.default('0.0.0.0').describe('address to listen on'),
      port: portSchema.default(8883).describe('TCP port; 0 takes a free one'),
      ...tlsFiles,
    })
    .optional()
    .describe('MQTT over TLS'),
  websocket: z
    .strictObject({
      host: hostSchema.default('127.0.0.1').describe('address to listen on'),
      port: portSchema.default(8083).describe('TCP port; 0 takes a free one'),
      path: pathSchema.default('/mqtt').describe('path of the URL'),
      tls: z.strictObject(tlsFiles).optional().describe('WebSocket over TLS (wss)'),
    })
    .optional()
    .describe('MQTT over WebSocket'),
  limits: limitsSchema.prefault({}),
  ...timing,
});

const mqttClientSchema = z.strictObject({
  kind: z.literal('mqtt-client').describe('an existing MQTT broker'),
  id: idSchema.describe('name of the source'),
  url: mqttUrlSchema.describe('address of the broker, without credentials: mqtt://10.0.0.5'),
  clientId: z.string().min(1).max(128).optional().describe('MQTT client id; made from venue and source where absent'),
  username: z.string().min(1).max(256).optional().describe('MQTT user name'),
  passwordFile: fileSchema.optional().describe('file that holds the MQTT password'),
  topics: z
    .array(topicFilterSchema)
    .min(1)
    .max(1000)
    .optional()
    .describe('what to subscribe to; absent: all that a decoder takes'),
  sharedGroup: idSchema.optional().describe('group of a shared subscription (MQTT 5)'),
  caFile: fileSchema.optional().describe('certificate authority of the broker, PEM'),
  certFile: fileSchema.optional().describe('own certificate, PEM'),
  keyFile: fileSchema.optional().describe('own private key, PEM'),
  keepAliveSeconds: secondsSchema.min(1).max(65_535).default(30).describe('MQTT keep alive, seconds'),
  silenceSeconds: secondsSchema.min(1).default(60).describe('with no frame for so long the connection is made anew'),
  ...timing,
});

const serialLinesSchema = z.strictObject({
  kind: z.literal('serial-lines').describe('lines, or other frames, from a device on a serial port'),
  id: idSchema.describe('name of the source; its device is addressed `<format>:<id>`'),
  ...serialPortSettings,
  framing: z
    .enum(['readline', 'delimiter', 'length-prefixed', 'slip', 'cobs'])
    .default('readline')
    .describe('how frames are marked: LF or CR LF, bytes of your own, their length first (big endian), RFC 1055, COBS'),
  delimiterHex: z
    .string()
    .regex(/^([0-9A-Fa-f]{2}){1,8}$/, 'one to eight bytes in hexadecimal')
    .default('0d')
    .describe('what ends a frame of framing delimiter'),
  lengthBytes: z
    .union([z.literal(1), z.literal(2)])
    .default(2)
    .describe('size of the length, framing length-prefixed'),
  format: z
    .enum(['auto', 'emontx', 'nmea'])
    .default('auto')
    .describe('what the lines look like; auto: each says it itself'),
  maxFrameBytes: z.int().min(16).max(4096).default(1024).describe('longest frame; a longer one is dropped and counted'),
  silenceSeconds: secondsSchema.min(1).default(60).describe('with no frame for so long the port is opened anew'),
  ...timing,
});

/** Modbus over Serial Line V1.02, 2.2: 248 to 255 are reserved, 0 is for all. */
const modbusUnitSchema = z.strictObject({
  unit: z.int().min(1).max(247).describe('its number on the bus; a device is addressed modbus:<source id>/<unit>'),
  profile: z.enum(REGISTER_MAP_NAMES).describe('what kind of device it is: the name of its register map'),
  everySeconds: secondsSchema.min(0.05).default(5).describe('how often it is read, seconds'),
  timeoutMs: z.int().min(20).max(10_000).default(500).describe('how long it may think before it answers, ms'),
});

const modbusCommon = {
  units: z.array(modbusUnitSchema).min(1).max(247).describe('the devices on the bus'),
  silenceSeconds: secondsSchema.min(1).default(30).describe('with no answer at all for so long it is opened anew'),
} as const;

const modbusRtuSchema = z.strictObject({
  kind: z.literal('modbus-rtu').describe('devices on an RS-485 bus or a serial line'),
  id: idSchema.describe('name of the source'),
  path: fileSchema.describe('serial port, as in /dev/serial/by-id/usb-…'),
  baudRate: z.int().min(300).max(4_000_000).default(9600).describe('bits a second'),
  parity: z.enum(['none', 'even', 'odd']).default('none').describe('parity; the same for all devices of the bus'),
  stopBits: z
    .union([z.literal(1), z.literal(2)])
    .default(1)
    .describe('stop bits'),
  ...modbusCommon,
});

const modbusTcpSchema = z.strictObject({
  kind: z.literal('modbus-tcp').describe('a Modbus TCP device, or a converter with an RS-485 bus behind it'),
  id: idSchema.describe('name of the source'),
  host: hostSchema.describe('address of the device or converter'),
  port: portSchema.min(1).default(502).describe('TCP port'),
  ...modbusCommon,
});

const sourceSchema = z.discriminatedUnion('kind', [
  mqttBrokerSchema,
  mqttClientSchema,
  serialLinesSchema,
  modbusRtuSchema,
  modbusTcpSchema,
]);

export const sourcesSchema = z
  .array(sourceSchema)
  .min(1)
  .max(100)
  .prefault([{ kind: 'mqtt-broker', tcp: {} }])
  .describe('where frames come from; absent: the embedded broker on loopback');
