/** The command line: `goalpost serve`, `site`, `key`, `goals`, `stats` and the rest. */
import { Command } from 'commander';
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

const program = new Command('goalpost')
  .description('Self-hosted conversion goals.')
  .version(packageVersion(), '-V, --version', 'print the version')
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true });
for (const add of [addServe, addSite, addKey, addGoals, addStats, addDoctor, addBackup, addMigrate]) add(program);

try {
  await program.parseAsync();
} catch (error) {
  fail(error, { json: process.argv.includes('--json') });
}
