/** Core Specification Supplement, part A: a length, a type, and what it says. */
const structure = (type: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.of(bytes.length + 1, type), bytes]);

/** Section 1.3: general discoverable, no BR/EDR. */
const FLAGS = structure(0x01, Buffer.of(0x06));
const SERVICE_DATA_16 = 0x16;
const MANUFACTURER = 0xff;

/** Flags and both headers: what is left of a legacy advert for the objects of a format in service data. */
export const SERVICE_DATA_OVERHEAD = FLAGS.length + 4;

export const serviceDataAdvert = (serviceData: Uint8Array): Buffer =>
  Buffer.concat([FLAGS, structure(SERVICE_DATA_16, serviceData)]);

export const manufacturerAdvert = (data: Uint8Array): Buffer => Buffer.concat([FLAGS, structure(MANUFACTURER, data)]);
