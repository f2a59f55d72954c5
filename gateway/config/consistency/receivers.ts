import { DECODERS } from '../../../ingest/decoders/index.ts';
import type { Collector } from '../problems/collector.ts';
import type { VenueConfig } from '../schema.ts';

const FORMATS: readonly string[] = DECODERS.map(({ kind }) => kind);

/**
 * Reports receivers that nothing can ever come from: a key is the id of a source, or a format and a name. Works on a
 * configuration with its defaults, for most sources have their ids by default.
 */
export const checkReceivers = (
  { receivers, sources }: Pick<VenueConfig, 'receivers' | 'sources'>,
  collector: Collector,
): void => {
  const ids = sources.map(({ id }) => id);
  for (const name of Object.keys(receivers)) {
    const [format = '', native] = name.split(':', 2);
    const valid = native === undefined ? ids : FORMATS;
    if (valid.includes(format)) continue;
    collector.add({
      code: 'unknown-reference',
      path: ['receivers', name],
      at: 'key',
      message:
        native === undefined
          ? { zh: 'sources 中没有此来源', en: 'no such source under sources' }
          : { zh: `没有格式 ${format.slice(0, 64)}`, en: `there is no format ${format.slice(0, 64)}` },
      value: name,
      expected: {
        zh: `来源的 id（${ids.join(', ')}），或“<格式>:<接收器名称>”`,
        en: `the id of a source (${ids.join(', ')}), or <format>:<name of the receiver>`,
      },
      spelled: { given: format, valid },
    });
  }
};
