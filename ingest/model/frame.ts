/** Raw bytes as they arrived, and where from. */
export interface Frame {
  /** Id of the configured source that received it. */
  readonly source: string;
  readonly transport: 'mqtt' | 'ble' | 'serial' | 'modbus' | 'http';
  /** MQTT topic, BLE MAC address, serial port, or Modbus unit and register block. */
  readonly address: string;
  readonly payload: Uint8Array;
  /** A small number that the source gives to this address, and to one at a time: makes look-ups cheap, decides nothing. */
  readonly place?: number | undefined;
  /** The gateway's clock at arrival, Unix milliseconds. */
  readonly arrivedMs: number;
  /** True only where `retain` means "old": replayed to us by another broker at subscription. */
  readonly retained: boolean;
  /** The session's credential, where the transport has one (an MQTT user name). */
  readonly client?: string;
  readonly rssiDbm?: number;
  /** Names the register map or payload layout, where the address cannot. */
  readonly profile?: string;
  /** Bind key of an encrypted device, hexadecimal. */
  readonly keyHex?: string;
}

/** A frame with nothing special about it, for callers that have only topic and bytes. */
export const mqttFrame = (source: string, topic: string, payload: Uint8Array, arrivedMs: number): Frame => ({
  source,
  transport: 'mqtt',
  address: topic,
  payload,
  arrivedMs,
  retained: false,
});
