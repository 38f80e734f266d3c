/** `goalpost goals`: lists, adds and checks goals. */
import type { Command } from 'commander';
import type { Goal } from '../core/goal.ts';
import type { Client } from './client.ts';
import { type CommonOptions, onClient, withCommon } from './command.ts';
import { type GoalFlags, goalFromFlags, withGoalFlags } from './goal-flags.ts';
import { print, table } from './output.ts';
import { sitePath } from './site.ts';
import { readJson, readText } from './text-file.ts';
import { addTransfer } from './transfer.ts';

const PAGE_GOALS = 500;

/** Adds the commands. */
export function addGoals(program: Command): void {
  const goals = program.command('goals').description('list, add and check goals');
  withCommon(goals.command('list <site>').description('list the goals of a site')).action(list);
  withGoalFlags(
    withCommon(goals.command('add <site>').description('add a goal by flags, a JSON file or standard input')),
  )
    .option('--json-file <path>', 'the goal as JSON; - is standard input')
    .action(add);
  withGoalFlags(
    withCommon(goals.command('check <site>').description('say whether something would meet a goal, and why')),
  )
    .option('--goal <goal>', 'a goal of the site, by its id or key; instead of a trigger')
    .option('--on <url>', 'URL of the page')
    .option('--html <file>', 'its HTML')
    .option('--click <selector>', 'what is clicked')
    .option('--send <name>', 'name of an event that is sent')
    .action(check);
  addTransfer(goals);
}

/** Every goal of a site. */
export async function listGoals(client: Client, site: string): Promise<Goal[]> {
  const goals: Goal[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const from = cursor === '' ? '' : `&cursor=${cursor}`;
    const path = `${sitePath(site)}/goals?limit=${PAGE_GOALS}${from}`;
    const page: { goals: Goal[]; next: string | null } = await client.send({ method: 'GET', path });
    goals.push(...page.goals);
    cursor = page.next;
  }
  return goals;
}

/** The id of a goal named by its id or its key. Throws RefusedError. */
export async function goalIdOf(client: Client, site: string, ref: string): Promise<string> {
  if (/^goal_[0-9a-z]{21}$/.test(ref)) return ref;
  const path = `${sitePath(site)}/goals/by-key/${encodeURIComponent(ref)}`;
  return (await client.send<Goal>({ method: 'GET', path })).id;
}

async function list(site: string, options: CommonOptions): Promise<void> {
  await onClient(options, async (client) => {
    const goals = await listGoals(client, site);
    const rows = goals.map((goal) => [goal.id, goal.key, goal.trigger.type, goal.active ? 'yes' : 'no', goal.name]);
    print(options, { goals }, table(['ID', 'KEY', 'TRIGGER', 'ACTIVE', 'NAME'], rows));
  });
}

async function add(site: string, options: CommonOptions & GoalFlags & { jsonFile?: string }): Promise<void> {
  const body = options.jsonFile === undefined ? goalFromFlags(options) : readJson(options.jsonFile);
  await onClient(options, async (client) => {
    const goal = await client.send<Goal & { warnings: string[] }>({
      method: 'POST',
      path: `${sitePath(site)}/goals`,
      body,
    });
    print(options, goal, [`Added ${goal.name}: ${goal.id}`, ...goal.warnings.map((warning) => `Note: ${warning}`)]);
  });
}

interface CheckOptions extends CommonOptions, GoalFlags {
  goal?: string;
  on?: string;
  html?: string;
  click?: string;
  send?: string;
}

async function check(site: string, options: CheckOptions): Promise<void> {
  const drafted = options.goal === undefined ? goalFromFlags(options) : undefined;
  const seen = {
    ...(options.on === undefined ? {} : { url: options.on }),
    ...(options.html === undefined ? {} : { html: readText(options.html) }),
    ...(options.click === undefined ? {} : { click: options.click }),
    ...(options.send === undefined ? {} : { event: { name: options.send } }),
  };
  await onClient(options, async (client) => {
    const stored = options.goal === undefined ? undefined : await goalIdOf(client, site, options.goal);
    const body = { ...(drafted === undefined ? { goal_id: stored } : { goal: drafted }), ...seen };
    const answer = await client.send<{ met: boolean; why: { ok: boolean; text: string }[] }>({
      method: 'POST',
      path: `${sitePath(site)}/goals/check`,
      body,
    });
    const lines = answer.why.map(({ ok, text }) => `${ok ? 'yes' : 'no '}  ${text}`);
    print(options, answer, [answer.met ? 'Met.' : 'Not met.', ...lines]);
  });
}
