/** `goalpost stats`: what a site's goals counted. */
import type { Command } from 'commander';
import type { GoalStats } from '../server/stats/goal-stats.ts';
import { type CommonOptions, onClient, withCommon } from './command.ts';
import { goalIdOf, listGoals } from './goals.ts';
import { print, table } from './output.ts';
import { sitePath } from './site.ts';

interface StatsOptions extends CommonOptions {
  goal?: string;
  start?: string;
  end?: string;
  timezone?: string;
  fresh?: boolean;
}

type Line = GoalStats & { goal_id: string };

/** Adds the command. */
export function addStats(program: Command): void {
  withCommon(program.command('stats <site>').description('show what goals counted'))
    .option('--goal <goal>', 'one goal by its id or key')
    .option('--start <day>', 'first day, e.g. 2026-01-01')
    .option('--end <day>', 'last day, inclusive')
    .option('--timezone <zone>', 'IANA time zone of the days')
    .option('--fresh', 'wait for what was accepted a moment ago')
    .action(stats);
}

async function stats(site: string, options: StatsOptions): Promise<void> {
  const query = new URLSearchParams();
  if (options.start !== undefined) query.set('start_date', options.start);
  if (options.end !== undefined) query.set('end_date', options.end);
  if (options.timezone !== undefined) query.set('timezone', options.timezone);
  if (options.fresh) query.set('fresh', 'true');
  const goals = `${sitePath(site)}/goals`;
  await onClient(options, async (client) => {
    const one = options.goal === undefined ? '' : `/${await goalIdOf(client, site, options.goal)}`;
    const path = `${goals}${one}/stats`;
    const answer = await client.send<Line | { goals: Line[] }>({ method: 'GET', path: `${path}?${query}` });
    const lines = 'goals' in answer ? answer.goals : [answer];
    const names = new Map((await listGoals(client, site)).map((goal) => [goal.id, goal.name]));
    const rows = lines.map((line) => [
      names.get(line.goal_id) ?? line.goal_id,
      String(line.conversions),
      String(line.converting_visitors),
      `${(line.conversion_rate * 100).toFixed(2)} %`,
      line.revenue.map(({ net, currency }) => `${net} ${currency}`).join(', '),
    ]);
    print(options, answer, table(['GOAL', 'CONVERSIONS', 'VISITORS', 'RATE', 'REVENUE'], rows));
  });
}
