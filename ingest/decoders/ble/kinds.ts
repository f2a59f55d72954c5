/** The kind of whatever our own radio hears, and of addresses that hold for every way an advert may come. */
export const OWN_RADIO = 'ble';

/** The older address of a tag that our own radio hears. */
const OWN_RUUVI = 'ruuvi';

/** Kinds of address whose name is a MAC address: adverts come by all of these ways. */
export const ADVERT_KINDS: ReadonlySet<string> = new Set([
  OWN_RADIO,
  OWN_RUUVI,
  'ruuvi-gateway',
  'theengs',
  'shelly',
  'shelly-blu',
]);

/** Kinds to look an advert's address up in, the most specific first. */
export const lookUpKinds = (kind: string): readonly string[] => {
  if (kind === OWN_RADIO || kind === OWN_RUUVI) return [OWN_RUUVI, OWN_RADIO];
  return ADVERT_KINDS.has(kind) ? [kind, OWN_RADIO] : [kind];
};
