/** MQTT 3.1.1 packets, made beforehand so that making them costs the load generator nothing. */

const remainingLength = (length: number): readonly number[] =>
  length < 128 ? [length] : [128 | (length & 127), ...remainingLength(length >> 7)];

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
};

const packet = (first: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([first, ...remainingLength(body.length)]), body]);
};

const KEEP_ALIVE_SECONDS = 300;

/** CONNECT, clean session, without credentials (section 3.1). */
export const connectPacket = (clientId: string): Buffer =>
  packet(0x10, text('MQTT'), Buffer.from([4, 2, KEEP_ALIVE_SECONDS >> 8, KEEP_ALIVE_SECONDS & 255]), text(clientId));

/** PUBLISH at QoS 0, or at QoS 1 with a packet id (section 3.3). */
export const publishPacket = (topic: string, payload: string, messageId?: number): Buffer =>
  messageId === undefined
    ? packet(0x30, text(topic), Buffer.from(payload))
    : packet(0x32, text(topic), Buffer.from([messageId >> 8, messageId & 255]), Buffer.from(payload));

/** SUBSCRIBE to one filter at QoS 1 (section 3.8). */
export const subscribePacket = (filter: string): Buffer =>
  packet(0x82, Buffer.from([0, 1]), text(filter), Buffer.from([1]));

/** First bytes of what a broker answers. */
export const CONNACK = 0x20;
export const SUBACK = 0x90;
