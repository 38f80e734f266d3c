/** `goalpost goals export` and `goals import`. */
import type { Command } from 'commander';
import type { Goal } from '../core/goal.ts';
import { type CommonOptions, onClient, withCommon } from './command.ts';
import { print } from './output.ts';
import { sitePath } from './site.ts';
import { readJson, writeText } from './text-file.ts';

/** Adds the commands below `goals`. */
export function addTransfer(goals: Command): void {
  withCommon(goals.command('export <site>').description('write the goals of a site as JSON'))
    .option('--to <file>', 'file; standard output without it')
    .action(exportGoals);
  withCommon(
    goals
      .command('import <site> <file>')
      .description(
        'create goals from a list: our export, or what Plausible, PageSense, Sparklytics, DataFast or Mida list; - is standard input',
      ),
  ).action(importGoals);
}

async function exportGoals(site: string, options: CommonOptions & { to?: string }): Promise<void> {
  await onClient(options, async (client) => {
    const list = await client.send<{ goals: unknown[] }>({ method: 'GET', path: `${sitePath(site)}/export` });
    const text = `${JSON.stringify(list, null, 2)}\n`;
    if (options.to === undefined) {
      process.stdout.write(text);
      return;
    }
    writeText(options.to, text);
    print(options, { goals: list.goals.length }, [`Wrote ${list.goals.length} goals to ${options.to}`]);
  });
}

async function importGoals(site: string, file: string, options: CommonOptions): Promise<void> {
  const body = readJson(file);
  await onClient(options, async (client) => {
    const answer = await client.send<{ format: string; created: Goal[]; existing: Goal[] }>({
      method: 'POST',
      path: `${sitePath(site)}/import`,
      body,
    });
    const { format, created, existing } = answer;
    const lines = created.map((goal) => `+ ${goal.name}`);
    const sum = `${created.length} goals created, ${existing.length} were there already (${format}).`;
    print(options, answer, [...lines, sum]);
  });
}
