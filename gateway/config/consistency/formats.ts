import { DECODERS } from '../../../ingest/decoders/index.ts';
import { LINE_FORMATS } from '../../../ingest/decoders/serial/index.ts';
import type { Collector } from '../problems/collector.ts';
import { placesOf } from './places.ts';

const FORMATS: ReadonlySet<string> = new Set([...DECODERS, ...LINE_FORMATS].map(({ kind }) => kind));

const PATTERNS = ['devices', 'badges'].flatMap((section) => [`${section}.*.address`, `${section}.*.address.*`]);

/** Reports addresses of a format that no decoder reads: nothing would ever arrive under them. */
export const checkFormats = (value: unknown, collector: Collector): void => {
  const list = [...FORMATS].join(', ');
  for (const place of PATTERNS.flatMap((pattern) => placesOf(value, pattern))) {
    const [format] = place.value.split(':', 1);
    // Without a colon it is no address at all: the schema says so.
    if (format === undefined || !place.value.includes(':') || FORMATS.has(format)) continue;
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
