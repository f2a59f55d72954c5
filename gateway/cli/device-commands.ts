import { type Command, InvalidArgumentError, Option } from 'commander';
import type { VenueConfig } from '../config/schema.ts';
import { LOCALES, type Locale } from '../config/sections/venue.ts';
import { adoptDevice } from './adopt-device.ts';
import { calibrateBadge } from './calibrate-badge.ts';
import type { Write } from './check.ts';
import { makeSecret } from './devices.ts';
import { type GatewayFlags, onGateway, targetOf } from './gateway-options.ts';
import { listDevices } from './list-devices.ts';
import { reloadGateway } from './reload.ts';
import type { PasswordInput } from './user-password.ts';

interface FileFlags {
  readonly config: string;
  readonly lang?: Locale;
}

interface AdoptFlags extends FileFlags {
  readonly id: string;
  readonly zone?: string;
  readonly profile?: string;
  readonly role?: string;
  readonly wearer?: string;
}

interface DeviceProgram {
  readonly input: PasswordInput;
  readonly out: Write;
  readonly err: Write;
  localeOf(flags: { readonly lang?: Locale }): Locale;
  readVenue(file: string): VenueConfig;
  readFile(path: string): string;
  exit(code: number): void;
}

const secondsOf = (text: string): number => {
  const seconds = Number(text);
  if (!(seconds >= 1 && seconds <= 600)) throw new InvalidArgumentError('expected a number from 1 to 600');
  return seconds;
};

const onFile = (command: Command): Command =>
  command
    .option('-c, --config <file>', 'venue.yaml', 'venue.yaml')
    .addOption(new Option('--lang <language>', 'language of the output').choices(LOCALES));

const addAdopt = (devices: Command, program: DeviceProgram): void => {
  const { out, err } = program;
  onFile(devices.command('adopt'))
    .description('register a discovered device in venue.yaml; comments and all else in it stay as they are')
    .argument('<address>', '<format>:<name>, as muster devices lists it')
    .requiredOption('--id <id>', 'what it is to be called')
    .option('--zone <zone>', 'where it stands, or where its wearer works')
    .option('--profile <profile>', 'what kind of thing it is; of a badge: badge where absent')
    .option('--role <role>', 'role of the wearer: makes it a badge')
    .option('--wearer <name>', 'who wears it')
    .action((address: string, { config: file, ...flags }: AdoptFlags) => {
      const { id, zone, profile, role, wearer } = flags;
      const locale = program.localeOf(flags);
      program.exit(adoptDevice({ file, locale, address, id, zone, profile, role, wearer }, out, err));
    });
};

const addDevices = (parent: Command, program: DeviceProgram): void => {
  const { input, out, err, readFile } = program;
  const devices = parent.command('devices').description('registered and discovered devices, and their secrets');
  onGateway(devices.command('list', { isDefault: true }))
    .description('list registered devices, and those that report without being registered')
    .action(async (flags: GatewayFlags) => {
      const { config: file } = flags;
      const config = program.readVenue(file);
      const target = await targetOf(flags, input, err);
      program.exit(await listDevices({ file, config, locale: program.localeOf(flags), target }, out, err));
    });
  onFile(devices.command('secret'))
    .description('make a secret for a device, badge or client; it is shown once')
    .argument('<id>')
    .action((id: string, { config: file, ...rest }: FileFlags) => {
      program.exit(makeSecret({ id, file, locale: program.localeOf(rest) }, out, err, readFile));
    });
  addAdopt(devices, program);
};

const addBadges = (parent: Command, program: DeviceProgram): void => {
  const { input, out, err } = program;
  const badges = parent.command('badges').description('badges and how they are worn');
  onGateway(badges.command('calibrate'))
    .description('measure a badge that is worn upright and still, and write that into venue.yaml')
    .argument('<id>')
    .option('--seconds <n>', 'how long to measure', secondsOf, 5)
    .action(async (id: string, { seconds, ...flags }: GatewayFlags & { readonly seconds: number }) => {
      const { config: file } = flags;
      const config = program.readVenue(file);
      const target = await targetOf(flags, input, err);
      const options = { file, config, locale: program.localeOf(flags), target, id, seconds };
      program.exit(await calibrateBadge(options, out, err));
    });
};

const addReload = (parent: Command, program: DeviceProgram): void => {
  const { input, out, err } = program;
  onGateway(parent.command('reload'))
    .description('have the running gateway read venue.yaml again, and say what that changes')
    .option('--dry-run', 'only say what would change', false)
    .action(async ({ dryRun, ...flags }: GatewayFlags & { readonly dryRun: boolean }) => {
      const { config: file } = flags;
      const config = program.readVenue(file);
      const target = await targetOf(flags, input, err);
      program.exit(await reloadGateway({ file, config, locale: program.localeOf(flags), target, dryRun }, out, err));
    });
};

/** `muster devices [list]|secret|adopt`, `muster badges calibrate`, `muster reload` */
export const addDeviceCommands = (parent: Command, program: DeviceProgram): void => {
  addDevices(parent, program);
  addBadges(parent, program);
  addReload(parent, program);
};
