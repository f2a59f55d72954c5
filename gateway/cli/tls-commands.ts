import { type Command, InvalidArgumentError } from 'commander';
import { thisMachine } from '../tls/hosts.ts';
import { type DirectoryFlags, type DirectoryProgram, directoryOf, onDirectory } from './data-directory.ts';
import { runTlsInit } from './tls.ts';

interface TlsProgram extends DirectoryProgram {
  colours(): boolean;
}

interface InitFlags extends DirectoryFlags {
  readonly host?: readonly string[];
  readonly days: number;
  readonly force: boolean;
  readonly newCa: boolean;
}

/** iOS takes no server certificate of more than 825 days, whoever signed it (Apple, HT210176); one is for skewed clocks. */
const DAYS_MAX = 824;
/** A little more than a year: renewed between two seasons. */
const DAYS_DEFAULT = 397;
/** `http.port` where no venue file says otherwise. */
const PORT_DEFAULT = 8080;

const days = (text: string): number => {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 1 && value <= DAYS_MAX)) {
    throw new InvalidArgumentError(`expected a number of days from 1 to ${DAYS_MAX}`);
  }
  return value;
};

/** `muster tls init` */
export const addTlsCommands = (parent: Command, program: TlsProgram): void => {
  const tls = parent.command('tls').description('certificates for HTTPS and MQTT over TLS');
  onDirectory(tls.command('init').description('make an authority of the venue and a certificate for this machine'))
    .option('--host <name...>', 'further names or addresses of this machine')
    .option('--days <n>', 'how long the server certificate is good', days, DAYS_DEFAULT)
    .option('--force', 'replace a certificate that is still good', false)
    .option('--new-ca', 'replace the authority too: every phone has to trust the new one', false)
    .action(async (flags: InitFlags) => {
      const { directory, config } = directoryOf(program, flags);
      const machine = thisMachine();
      const options = {
        directory,
        locale: program.localeOf(flags),
        name: config?.venue.name.en ?? machine.name,
        port: config?.http.port ?? PORT_DEFAULT,
        hosts: flags.host ?? [],
        days: flags.days,
        force: flags.force,
        newAuthority: flags.newCa,
        machine,
        colours: program.colours(),
        nowMs: program.nowMs,
      };
      program.exit(await runTlsInit(options, program.out, program.err));
    });
};
