/** First topic levels that belong to one system; patterns that begin with a device's name leave them alone. */
const ROOTS: ReadonlySet<string> = new Set([
  'muster',
  'zigbee2mqtt',
  'frigate',
  'owntracks',
  'ruuvi',
  'shelly-blu',
  'tele',
  'stat',
  'cmnd',
  'tasmota',
  'homeassistant',
  'application',
  'spBv1.0',
]);

export const isForeignRoot = (firstLevel: string | undefined): boolean =>
  firstLevel !== undefined && ROOTS.has(firstLevel);
