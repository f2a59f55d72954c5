import type { Reloaded } from '../api/contract.ts';
import { reloadedSchema } from '../api/schemas/reload.ts';
import { dataDirectory } from '../config/data-directory.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { Locale } from '../config/sections/venue.ts';
import { askGateway, type GatewayTarget, RefusedError } from './ask-gateway.ts';
import type { Write } from './check.ts';

export interface ReloadOptions {
  readonly file: string;
  /** How the gateway is reached. */
  readonly config: VenueConfig;
  readonly locale: Locale;
  readonly target: GatewayTarget;
  readonly dryRun: boolean;
}

const EXIT_NEGATIVE = 1;
const EXIT_REFUSED = 2;

const WORDS = {
  'zh-CN': {
    none: '没有改动',
    would: '将会改动（未执行）：',
    did: '已改动：',
    more: (count: number) => `……还有 ${count} 项`,
    later: '重启后才生效（systemctl restart muster）：',
  },
  en: {
    none: 'nothing has changed',
    would: 'would change (nothing was done):',
    did: 'changed:',
    more: (count: number) => `… and ${count} more`,
    later: 'counts only after a restart (systemctl restart muster):',
  },
} as const satisfies Record<Locale, unknown>;

const print = ({ applied, count, changes, deferred }: Reloaded, locale: Locale, out: Write): void => {
  const words = WORDS[locale];
  const language = locale === 'zh-CN' ? 'zh' : 'en';
  const lines = [
    ...(count === 0 ? [words.none] : [applied ? words.did : words.would]),
    ...changes.map(({ text }) => `  ${text[language]}`),
    ...(count > changes.length ? [`  ${words.more(count - changes.length)}`] : []),
    ...(deferred.length === 0 ? [] : [words.later, ...deferred.map(({ text }) => `  ${text[language]}`)]),
  ];
  out(`${lines.join('\n')}\n`);
};

const printRefused = ({ problem }: RefusedError, locale: Locale, err: Write): void => {
  const language = locale === 'zh-CN' ? 'zh' : 'en';
  err(`${problem[language]}\n`);
  for (const { where, expected, ...said } of problem.errors ?? []) {
    err(`${where}: ${said[language] ?? expected}\n`);
  }
};

/**
 * `muster reload`: has the running gateway read its venue file again, and prints what that changes. Exit code: 0; 1 where
 * the gateway does not answer or does not know who asks; 2 where it will not run by the file, and runs on as before.
 */
export const reloadGateway = async (options: ReloadOptions, out: Write, err: Write): Promise<number> => {
  const { file, config, locale, target, dryRun } = options;
  try {
    const gateway = await askGateway(target, config, dataDirectory(config, file));
    try {
      print(reloadedSchema.parse(await gateway.post('/api/v1/reload', { dryRun })), locale, out);
      return 0;
    } finally {
      await gateway.close();
    }
  } catch (error) {
    if (error instanceof RefusedError) {
      printRefused(error, locale, err);
      return error.problem.code.startsWith('venue-file-') ? EXIT_REFUSED : EXIT_NEGATIVE;
    }
    err(`${error instanceof Error ? error.message || error.name : String(error)}\n`);
    return EXIT_NEGATIVE;
  }
};
