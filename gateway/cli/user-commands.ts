import { type Command, Option } from 'commander';
import type { Role } from '../api/contract.ts';
import { ROLES } from '../api/schemas/session.ts';
import { type DirectoryFlags, type DirectoryProgram, directoryOf, onDirectory } from './data-directory.ts';
import { runUser, type UserTask } from './user.ts';
import type { PasswordInput } from './user-password.ts';

interface UserProgram extends DirectoryProgram {
  readonly input: PasswordInput;
}

interface RoleFlags extends DirectoryFlags {
  readonly role: Role;
}

const roleOption = (): Option =>
  new Option('--role <role>', 'viewer: sees; guard: also acknowledges alarms; engineer: everything')
    .choices(ROLES)
    .makeOptionMandatory();

/** `muster user add|list|remove|unlock|password|role` */
export const addUserCommands = (parent: Command, program: UserProgram): void => {
  const run = async (flags: DirectoryFlags, task: UserTask): Promise<void> => {
    const { input, nowMs, out, err } = program;
    const { directory } = directoryOf(program, flags);
    const context = { directory, locale: program.localeOf(flags), input, nowMs };
    program.exit(await runUser(context, task, out, err));
  };
  const user = parent
    .command('user')
    .description('who may log in to the console; passwords are asked for, or piped in');
  const command = (name: string, description: string): Command =>
    onDirectory(user.command(name).description(description));

  command('add', 'add a user')
    .argument('<name>')
    .addOption(roleOption())
    .action((name: string, flags: RoleFlags) => run(flags, { do: 'add', name, role: flags.role }));
  command('list', 'list users and their roles').action((flags: DirectoryFlags) => run(flags, { do: 'list' }));
  command('remove', 'remove a user; their log-ins end')
    .argument('<name>')
    .action((name: string, flags: DirectoryFlags) => run(flags, { do: 'remove', name }));
  command('unlock', 'unlock an account that a rule has locked')
    .argument('<name>')
    .action((name: string, flags: DirectoryFlags) => run(flags, { do: 'unlock', name }));
  command('password', 'give a user another password; their log-ins end')
    .argument('<name>')
    .action((name: string, flags: DirectoryFlags) => run(flags, { do: 'password', name }));
  command('role', 'give a user another role; their log-ins end')
    .argument('<name>')
    .addOption(roleOption())
    .action((name: string, flags: RoleFlags) => run(flags, { do: 'role', name, role: flags.role }));
};
