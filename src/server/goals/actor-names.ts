/** Who an actor is and what a subject is to people: names of members, keys, goals, links and sites instead of their ids. */
import type { GoalDefinition } from '../../core/goal.ts';
import type { ConfigStore } from './config-store.ts';

type Db = ConfigStore['db'];

/** Who is told: members know each other's addresses; a program, which passes on what it reads, is told none. */
export type NamesFor = 'member' | 'program';

const OWN: Readonly<Record<string, string>> = { socket: 'Command line', setup: 'Set-up link' };

/** Names by id, of whichever ids have one; to members, of those without a name their address. */
async function namesOf(db: Db, ids: readonly string[], reader: NamesFor): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const [users, keys, links, sites, goals] = await Promise.all([
    db.selectFrom('users').select(['id', 'name', 'email']).where('id', 'in', ids).execute(),
    db.selectFrom('api_keys').select(['id', 'name']).where('id', 'in', ids).execute(),
    db.selectFrom('share_links').select(['id', 'name']).where('id', 'in', ids).execute(),
    db.selectFrom('sites').select(['id', 'name']).where('id', 'in', ids).execute(),
    db.selectFrom('goals').select(['id', 'definition']).where('id', 'in', ids).execute(),
  ]);
  const named = [
    ...users.map(({ id, name, email }) => [id, name || (reader === 'member' ? email : '')] as const),
    ...goals.map(({ id, definition }) => [id, (JSON.parse(definition) as GoalDefinition).name] as const),
    ...[...keys, ...links, ...sites].map(({ id, name }) => [id, name] as const),
  ];
  return new Map(named.filter(([, name]) => name !== ''));
}

/** The id within an actor: of `user:user_1` the part after the colon. */
const idOf = (actor: string): string => actor.slice(actor.indexOf(':') + 1);

/**
 * Rows with `actor_name` beside their `actor`; it is the id of those who have left, of keys without a name, and, to
 * programs, of members without one.
 */
export async function withActorNames<Row extends { actor: string }>(
  db: Db,
  rows: readonly Row[],
  reader: NamesFor,
): Promise<(Row & { actor_name: string })[]> {
  const names = await namesOf(db, [...new Set(rows.map(({ actor }) => idOf(actor)))], reader);
  return rows.map((row) => {
    const id = idOf(row.actor);
    const name = names.get(id);
    const shown = row.actor.startsWith('key:') && name !== undefined ? `Key “${name}”` : name;
    return { ...row, actor_name: OWN[row.actor] ?? shown ?? id };
  });
}

/** Rows with `subject_name` beside their `subject`, which it is where nothing has that id. */
export async function withSubjectNames<Row extends { subject: string }>(
  db: Db,
  rows: readonly Row[],
  reader: NamesFor,
): Promise<(Row & { subject_name: string })[]> {
  const names = await namesOf(db, [...new Set(rows.map(({ subject }) => subject))], reader);
  return rows.map((row) => ({ ...row, subject_name: names.get(row.subject) ?? row.subject }));
}
