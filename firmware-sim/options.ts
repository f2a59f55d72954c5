import { parseArgs } from 'node:util';
import { z } from 'zod';

export const USAGE = `Usage: node dist/firmware-sim/main.js --broker URL --scenario FILE --venue-id ID [options]

  --broker URL      mqtt://host:port of the gateway's broker
  --scenario FILE   what the devices do (firmware-sim/README.md)
  --venue-id ID     <venue> of the topics muster/<venue>/up/<device>
  --speed N         scenario seconds per real second (default 1)
  --epoch MS        stamp of scenario second 0, Unix milliseconds (default: now)
  --start-at MS     real time of scenario second 0, Unix milliseconds (default: when every device is connected)
  --format F        cbor, json, or both: devices take turns (default both)
  --seed N          instead of the scenario's
  --ports DIR       where serial ports are linked (needed by actors that emit over one; needs socat)
  --listen ID=PORT  where something of the venue's network listens on loopback, by the id of the source (repeatable)
  --http URL        the gateway's HTTP side (needed by actors that emit over it)
  --secrets FILE    JSON object of passwords by device id; a device without one connects without a log-in
`;

const number = z.string().trim().min(1).transform(Number).pipe(z.number());

const schema = z.strictObject({
  broker: z.string().regex(/^(mqtts?|tcp|wss?):\/\/\S+$/, 'an URL such as mqtt://127.0.0.1:1883'),
  scenario: z.string().min(1),
  'venue-id': z.string().regex(/^[^/+#\s]+$/, 'one topic level, without / + #'),
  speed: number.pipe(z.number().positive().max(100_000)).default(1),
  epoch: number.pipe(z.number().min(0)).optional(),
  'start-at': number.pipe(z.number().min(0)).optional(),
  format: z.enum(['cbor', 'json', 'both']).default('both'),
  seed: number.pipe(z.int().min(0)).optional(),
  secrets: z.string().min(1).optional(),
  ports: z.string().min(1).optional(),
  listen: z
    .array(z.string().regex(/^[^=]+=\d{1,5}$/, 'ID=PORT'))
    .default([])
    .transform((pairs) => new Map(pairs.map((pair) => [pair.split('=')[0] ?? '', Number(pair.split('=')[1])]))),
  http: z.url().optional(),
});

export type Options = z.output<typeof schema>;

const stringOption = { type: 'string' } as const;

/** Options, or what is wrong with them, or `help`. */
export const parseOptions = (argv: readonly string[]): Options | { readonly wrong: string } | 'help' => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        broker: stringOption,
        scenario: stringOption,
        'venue-id': stringOption,
        speed: stringOption,
        epoch: stringOption,
        'start-at': stringOption,
        format: stringOption,
        seed: stringOption,
        secrets: stringOption,
        ports: stringOption,
        listen: { type: 'string', multiple: true },
        http: stringOption,
        help: { type: 'boolean', short: 'h' },
      },
    });
    const { help, ...given } = values;
    if (help) return 'help';
    const result = schema.safeParse(given);
    if (result.success) return result.data;
    return { wrong: result.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n') };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
};

const secretsSchema = z.record(z.string(), z.string());

/** Passwords by device id. Throws a plain error that does not quote the file. */
export const parseSecrets = (text: string): ReadonlyMap<string, string> => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error('not JSON');
  }
  const result = secretsSchema.safeParse(parsed);
  if (!result.success) throw new Error('not an object of strings by device id');
  return new Map(Object.entries(result.data));
};
