import { z } from 'zod';
import type { DeviceStatus } from '../api/contract.ts';
import { deviceSchema } from '../api/schemas/devices.ts';
import { dataDirectory } from '../config/data-directory.ts';
import { editVenueFile } from '../config/edit-venue-file.ts';
import { nearest } from '../config/problems/nearest.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { Locale } from '../config/sections/venue.ts';
import { entryText } from '../config/yaml/edit.ts';
import { type AskedGateway, askGateway, type GatewayTarget } from './ask-gateway.ts';
import { type Calibration, calibrate, type Vector } from './calibration.ts';
import type { Write } from './check.ts';
import { sayRefused, sayWritten } from './edit-said.ts';

export interface CalibrateOptions {
  readonly file: string;
  readonly config: VenueConfig;
  readonly locale: Locale;
  readonly target: GatewayTarget;
  readonly id: string;
  readonly seconds: number;
}

const EXIT_NEGATIVE = 1;
const EXIT_USAGE = 2;

const eventSchema = z.object({ items: z.array(deviceSchema) });

/** Acceleration in the last sample of any channel, and when that came. */
const accelerationIn = ({ channels, channelAges }: DeviceStatus): readonly [at: string, vector: Vector] | undefined => {
  for (const [channel, metrics] of Object.entries(channels)) {
    const { accelerationXG: x, accelerationYG: y, accelerationZG: z } = metrics;
    const age = channelAges[channel];
    const isOld = age === undefined || age.missed?.accelerationXG !== undefined;
    if (x !== undefined && y !== undefined && z !== undefined && !isOld) return [age.at, [x, y, z]];
  }
  return undefined;
};

/** What the badge measures from now on, each sample once. */
const listen = async (gateway: AskedGateway, id: string, seconds: number): Promise<readonly Vector[]> => {
  const samples = new Map<string, Vector>();
  for await (const event of gateway.events('/api/v1/stream?events=devices', AbortSignal.timeout(seconds * 1000))) {
    const read = eventSchema.safeParse(event);
    const device = read.data?.items.find((item) => item.registered && item.id === id);
    const found = device === undefined ? undefined : accelerationIn(device);
    if (found !== undefined) samples.set(...found);
  }
  return [...samples.values()];
};

const SECTIONS = ['badges', 'devices'] as const;

const REFUSED = {
  'zh-CN': {
    unknown: (id: string, meant: string | undefined) =>
      `badges 和 devices 中没有 ${id}${meant === undefined ? '' : `；您是不是要写 "${meant}"？`}`,
    silent: (why: string) => `网关没有应答（${why}）`,
    wear: (seconds: number) => `请佩戴者站直不动 ${seconds} 秒 …`,
    'too-few': (samples: number, seconds: number) =>
      `${seconds} 秒内只收到 ${samples} 次加速度，至少需要 3 次：请用 --seconds 加长时间，或检查胸牌`,
    'not-still': (g: number) => `测量期间有移动（偏离平均值 ${g} g）：请站直不动，再试一次`,
    'not-one-g': (g: number) => `静止时应测得约 1 g，实际为 ${g} g：胸牌或其单位有误`,
    samples: (count: number) => `取自 ${count} 次测量\n`,
  },
  en: {
    unknown: (id: string, meant: string | undefined) =>
      `there is no ${id} under badges or devices${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
    silent: (why: string) => `the gateway did not answer (${why})`,
    wear: (seconds: number) => `let the wearer stand upright and still for ${seconds} s …`,
    'too-few': (samples: number, seconds: number) =>
      `acceleration came ${samples} times in ${seconds} s, and it takes 3: give more --seconds, or look at the badge`,
    'not-still': (g: number) =>
      `it was moved meanwhile (by ${g} g from the mean): stand upright and still, and try again`,
    'not-one-g': (g: number) =>
      `at rest it should measure about 1 g, and it measures ${g} g: the badge or its unit is wrong`,
    samples: (count: number) => `from ${count} samples\n`,
  },
} as const satisfies Record<Locale, unknown>;

const sentenceOf = (
  result: Extract<Calibration, { readonly ok: false }>,
  { locale, seconds }: CalibrateOptions,
): string => {
  const words = REFUSED[locale];
  switch (result.why) {
    case 'too-few':
      return words[result.why](result.samples, seconds);
    case 'not-still':
      return words[result.why](result.movedG);
    case 'not-one-g':
      return words[result.why](result.lengthG);
  }
};

const measure = async ({ target, config, file, id, seconds }: CalibrateOptions): Promise<readonly Vector[]> => {
  const gateway = await askGateway(target, config, dataDirectory(config, file));
  try {
    return await listen(gateway, id, seconds);
  } finally {
    await gateway.close();
  }
};

/**
 * `muster badges calibrate`: measures a badge that is worn upright and still, and writes what gravity looks like to it
 * into venue.yaml. Exit code: 0; 1 where the measurement is no good or the gateway does not answer; 2 no such badge, or the
 * file cannot be changed.
 */
export const calibrateBadge = async (options: CalibrateOptions, out: Write, err: Write): Promise<number> => {
  const { file, config, locale, id, seconds } = options;
  const words = REFUSED[locale];
  const section = SECTIONS.find((each) => Object.hasOwn(config[each], id));
  if (section === undefined) {
    const ids = SECTIONS.flatMap((each) => Object.keys(config[each]));
    err(`${words.unknown(id, nearest(id, ids))}\n`);
    return EXIT_USAGE;
  }
  err(`${words.wear(seconds)}\n`);
  let samples: readonly Vector[];
  try {
    samples = await measure(options);
  } catch (error) {
    err(`${words.silent(error instanceof Error ? error.message || error.name : String(error))}\n`);
    return EXIT_NEGATIVE;
  }
  const result = calibrate(samples);
  if (!result.ok) {
    err(`${sentenceOf(result, options)}\n`);
    return EXIT_NEGATIVE;
  }
  const value = [...result.upright];
  const line = entryText('upright', value);
  const outcome = editVenueFile(file, { path: [section, id, 'upright'], value });
  if (!outcome.ok) return sayRefused(outcome, { file, line: `${section}.${id}: ${line}`, locale }, err);
  sayWritten({ file, section: `${section}.${id}`, line, locale }, out);
  out(words.samples(result.samples));
  return 0;
};
