import { type Command, Option } from 'commander';
import { LOCALES, type Locale } from '../config/sections/venue.ts';
import type { GatewayTarget } from './ask-gateway.ts';
import type { Write } from './check.ts';
import { askPassword, GIVEN_UP, type PasswordInput, pipedPassword } from './user-password.ts';

/** What the command line says of the venue file and of the gateway that runs. */
export interface GatewayFlags {
  readonly config: string;
  readonly url?: string;
  readonly user?: string;
  readonly secretFile?: string;
  readonly caFile?: string;
  readonly lang?: Locale;
}

export const onGateway = (command: Command): Command =>
  command
    .option('-c, --config <file>', 'venue.yaml', 'venue.yaml')
    .option('--url <url>', 'HTTP side of the running gateway; absent: on this machine, as venue.yaml says')
    .option('--user <name>', 'log in as this user; the password is asked for, or piped in')
    .option('--secret-file <file>', 'file with the secret of a client of venue.yaml, instead of a log-in')
    .option('--ca-file <file>', 'who has signed its certificate, PEM; absent: the authority of the venue')
    .addOption(new Option('--lang <language>', 'language of the output').choices(LOCALES));

/** The gateway that is meant; asks for the password of a user. */
export const targetOf = async (flags: GatewayFlags, input: PasswordInput, err: Write): Promise<GatewayTarget> => {
  const { url, user: name, secretFile, caFile } = flags;
  if (name === undefined) return { url, secretFile, caFile };
  const typed = input.isTTY === true ? await askPassword(input, err, `${name}: `) : await pipedPassword(input);
  const password = typed === undefined || typed === GIVEN_UP ? '' : typed;
  return { url, secretFile, caFile, user: { name, password } };
};
