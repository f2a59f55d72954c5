/** What a gateway noted of an uplink that it heard. */
export interface Reception {
  readonly gatewayId: string;
  readonly rssiDbm: number;
  readonly snrDecibels: number;
}

export interface Uplink {
  readonly devEui: string;
  readonly deviceName: string;
  readonly deviceProfileName: string;
  readonly devAddr: string;
  readonly counter: number;
  readonly port: number;
  readonly payload: Uint8Array;
  readonly timeMs: number;
  readonly heard: readonly Reception[];
}

/** Tells one uplink from another, as the network server's UUID does. */
const deduplicationId = ({ devEui, devAddr, counter }: Uplink): string => {
  const digits = `${devEui}${devAddr}${counter.toString(16).padStart(8, '0')}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

/**
 * The event `up` of ChirpStack 4 in JSON (chirpstack.io, integrations/events): the mapping of Protocol Buffers, which
 * leaves out what is zero, the first frame counter too.
 */
export const encodeUplink = (uplink: Uplink): Uint8Array => {
  const { devEui, deviceName, deviceProfileName, devAddr, counter, port, payload, timeMs, heard } = uplink;
  const event = {
    deduplicationId: deduplicationId(uplink),
    time: new Date(timeMs).toISOString().replace('Z', '000000+00:00'),
    deviceInfo: { applicationName: 'venue', deviceProfileName, deviceName, devEui },
    devAddr,
    dr: 5,
    ...(counter === 0 ? {} : { fCnt: counter }),
    fPort: port,
    data: Buffer.from(payload).toString('base64'),
    rxInfo: heard.map(({ gatewayId, rssiDbm, snrDecibels }) => ({ gatewayId, rssi: rssiDbm, snr: snrDecibels })),
    txInfo: { frequency: 868_100_000 },
  };
  return new TextEncoder().encode(JSON.stringify(event));
};
