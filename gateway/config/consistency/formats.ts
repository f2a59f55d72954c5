import { DECODERS } from '../../../ingest/decoders/index.ts';
import { LINE_FORMATS } from '../../../ingest/decoders/serial/index.ts';
import type { Collector } from '../problems/collector.ts';
import { type Place, placesOf } from './places.ts';

const FORMATS: ReadonlySet<string> = new Set([...DECODERS, ...LINE_FORMATS].map(({ kind }) => kind));

/** Formats whose devices have no name of their own, but that of the source. */
const BY_SOURCE: ReadonlySet<string> = new Set(LINE_FORMATS.map(({ kind }) => kind));

const PATTERNS = ['devices', 'badges'].flatMap((section) => [`${section}.*.address`, `${section}.*.address.*`]);

const checkSource = (place: Place, sources: ReadonlySet<string>, collector: Collector): void => {
  const name = place.value.slice(place.value.indexOf(':') + 1);
  if (sources.has(name)) return;
  const list = [...sources].join(', ');
  collector.add({
    code: 'unknown-reference',
    path: place.path,
    at: 'value',
    message: { zh: 'sources 中没有此来源', en: 'no such source under sources' },
    value: place.value,
    expected: { zh: `格式名:来源名，来源为以下之一：${list}`, en: `the format, a colon, and one of ${list}` },
    spelled: { given: name, valid: sources },
  });
};

/** Reports addresses of a format that no decoder reads: nothing would ever arrive under them. */
export const checkFormats = (value: unknown, collector: Collector): void => {
  const list = [...FORMATS].join(', ');
  const sources = new Set(placesOf(value, 'sources.*.id').map(({ value: id }) => id));
  for (const place of PATTERNS.flatMap((pattern) => placesOf(value, pattern))) {
    const [format] = place.value.split(':', 1);
    // Without a colon it is no address at all: the schema says so.
    if (format === undefined || !place.value.includes(':')) continue;
    if (BY_SOURCE.has(format)) checkSource(place, sources, collector);
    if (FORMATS.has(format)) continue;
    collector.add({
      code: 'kind-not-available',
      path: place.path,
      at: 'value',
      message: {
        zh: `本版本不支持格式 ${format.slice(0, 64)}`,
        en: `format ${format.slice(0, 64)} is not available in this version`,
      },
      value: place.value,
      expected: { zh: `以下之一：${list}`, en: `one of ${list}` },
      spelled: { given: format, valid: FORMATS },
    });
  }
};
