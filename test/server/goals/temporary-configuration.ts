/** A configuration in a folder of its own, with a clock that tests turn; gone when the test ends. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { PASSWORD_COST } from '../../../src/server/config.ts';
import { type Configuration, openConfiguration } from '../../../src/server/goals/configuration.ts';

export const ORIGIN = { origin: 'test' };

/** A goal that every check accepts. */
export const SIGNUP = { name: 'Signup', trigger: { type: 'event', name: 'signup' } };

export interface TestClock {
  ms: number;
}

/** The file of a store that does not exist yet. */
export async function temporaryFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'goalpost-config-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'config.sqlite');
}

/** Opens a configuration; `path` opens a second one on the same file, as another process would. Passwords cost little. */
export async function temporaryConfiguration(
  path?: string,
  { password_cost = PASSWORD_COST.least }: { password_cost?: number } = {},
): Promise<{ configuration: Configuration; clock: TestClock; path: string }> {
  const file = path ?? (await temporaryFile());
  const clock = { ms: Date.UTC(2026, 0, 1) };
  const configuration = await openConfiguration({
    path: file,
    now: () => clock.ms,
    password_cost,
  });
  onTestFinished(() => configuration.close());
  return { configuration, clock, path: file };
}

/** A configuration with one site. */
export async function withSite(): Promise<{
  configuration: Configuration;
  clock: TestClock;
  path: string;
  site: string;
}> {
  const opened = await temporaryConfiguration();
  const { id } = await opened.configuration.sites.create({ domains: ['shop.example'] }, ORIGIN);
  return { ...opened, site: id };
}

/** What a promise was refused with. */
export async function refusal(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'not refused',
    (error: unknown) => error,
  );
}
