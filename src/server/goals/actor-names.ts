/** Who an actor is to people: a member's name or address, a key's name, what the program's own actors are. */
import type { ConfigStore } from './config-store.ts';

const OWN: Readonly<Record<string, string>> = { socket: 'Command line', setup: 'Set-up link' };

/** The ids of one kind among actors: of `user:user_1` the part after the colon. */
function idsOf(actors: ReadonlySet<string>, kind: string): string[] {
  return [...actors].flatMap((actor) => (actor.startsWith(`${kind}:`) ? actor.slice(kind.length + 1) : []));
}

/** Rows with `actor_name` beside their `actor`; of those who have left it is the actor itself. */
export async function withActorNames<Row extends { actor: string }>(
  db: ConfigStore['db'],
  rows: readonly Row[],
): Promise<(Row & { actor_name: string })[]> {
  const actors = new Set(rows.map(({ actor }) => actor));
  const names = new Map(Object.entries(OWN));
  const users = idsOf(actors, 'user');
  const keys = idsOf(actors, 'key');
  const members =
    users.length === 0
      ? []
      : await db.selectFrom('users').select(['id', 'name', 'email']).where('id', 'in', users).execute();
  for (const { id, name, email } of members) names.set(`user:${id}`, name || email);
  const programs =
    keys.length === 0 ? [] : await db.selectFrom('api_keys').select(['id', 'name']).where('id', 'in', keys).execute();
  for (const { id, name } of programs) names.set(`key:${id}`, name === '' ? id : `Key “${name}”`);
  return rows.map((row) => ({ ...row, actor_name: names.get(row.actor) ?? row.actor }));
}
