/** The command line: `goalpost serve`, `site`, `key`, `goals`, `stats` and the rest. */
import { Command, CommanderError } from 'commander';
import { packageVersion } from '../server/api/package-version.ts';
import { addBackup } from './backup.ts';
import { fail } from './command.ts';
import { addDoctor } from './doctor.ts';
import { addGoals } from './goals.ts';
import { addKey } from './key.ts';
import { addMigrate } from './migrate.ts';
import { addServe } from './serve.ts';
import { addSite } from './site.ts';
import { addStats } from './stats.ts';

const json = process.argv.includes('--json');
const program = new Command('goalpost')
  .description('Self-hosted conversion goals.')
  .version(packageVersion(), '-V, --version', 'print the version')
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true });
// What is wrong with a command line is said as JSON too. Commands take this over from the program when they are added.
if (json) program.exitOverride().configureOutput({ writeErr: () => {} });
for (const add of [addServe, addSite, addKey, addGoals, addStats, addDoctor, addBackup, addMigrate]) add(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) fail(error, { json });
  else if (error.exitCode !== 0) fail(usageFault(error), { json });
}

function usageFault({ code, message }: CommanderError): Error {
  return new Error(code === 'commander.help' ? 'Name a command; --help lists them.' : message.replace(/^error: /, ''));
}
