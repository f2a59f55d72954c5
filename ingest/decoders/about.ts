/** A text for people, in both languages. */
interface Text {
  readonly zh: string;
  readonly en: string;
}

/** A frame as a device sends it: the catalogue page decodes it to show what comes of it. */
export interface CatalogueExample {
  /** MQTT topic, MAC address, serial port, or Modbus unit. */
  readonly address: string;
  /** Text, or bytes in hexadecimal: one of the two. */
  readonly payload?: string;
  readonly payloadHex?: string;
  /** The register map of a Modbus frame. */
  readonly profile?: string;
}

/** What the device catalogue says of a format. Beside the decoder, so that it is written by who knows it. */
export interface About {
  /** Which devices or programs speak it. */
  readonly devices: Text;
  /** Address of the public specification. */
  readonly specification: string;
  /** In order: a later one may rest on what an earlier one announced. */
  readonly examples: readonly [CatalogueExample, ...CatalogueExample[]];
  /** What whoever installs it has to know. */
  readonly notes?: Text;
}

/** One entry of the catalogue. A list of formats that are no topic decoders exports these. */
export interface CatalogueEntry extends About {
  /** The part before `:` in a device's `address`. */
  readonly kind: string;
  readonly transport: 'mqtt' | 'ble' | 'serial' | 'modbus';
  /** MQTT topic patterns, as in `Decoder.topics`. */
  readonly topics?: readonly string[];
}
