/** How each dialect is spoken to and how it refuses, for tests that go through every route of all of them. */
import { expect } from 'vitest';
import type { Dialect, Route } from '../../../src/server/api/dialect.ts';
import { DIALECTS } from '../../../src/server/api/dialects/index.ts';
import type { Response } from './running-server.ts';

/** What a product's refusals look like, and what it says to a key that is known and may not. */
export interface Manner {
  /** The body of a refusal. */
  shape: (status: number) => unknown;
  /** Scheme of the Authorization header that holds the key. */
  scheme: string;
  /** Status for a key without the scope. */
  forbidden: number;
  /** Statuses for a key of another site that names this one. */
  stranger: readonly number[];
  /** Status for a site that nobody has. */
  nowhere: number;
  /** Status for a body that is too large. */
  large: number;
}

const TEXT = expect.any(String);
const bearer = { scheme: 'Bearer', forbidden: 403, stranger: [403], nowhere: 404, large: 413 } as const;
const sparklytics = {
  ...bearer,
  shape: () => ({ error: { code: TEXT, message: TEXT, field: expect.toBeOneOf([null, TEXT]) } }),
  large: 400,
};

export const MANNERS: Record<string, Manner> = {
  native: {
    ...bearer,
    shape: () => ({
      error: expect.objectContaining({ code: TEXT, message: TEXT, docs: expect.stringMatching(/^\/api\/docs#/) }),
    }),
  },
  plausible: {
    ...bearer,
    shape: () => ({ errors: expect.arrayContaining([{ detail: TEXT }]) }),
    forbidden: 401,
    stranger: [401],
    nowhere: 401,
  },
  'plausible-sites': { ...bearer, shape: () => ({ error: TEXT }), forbidden: 401, stranger: [401] },
  'plausible-events': { ...bearer, shape: () => ({ errors: expect.any(Object) }) },
  pagesense: {
    shape: (status_code) => ({ status_code, message: TEXT }),
    scheme: 'Zoho-oauthtoken',
    forbidden: 401,
    // What is not the key's is unknown to it.
    stranger: [404, 400],
    nowhere: 404,
    large: 400,
  },
  sparklytics,
  'sparklytics-collect': sparklytics,
  datafast: { ...bearer, shape: (code) => ({ status: 'error', error: { code, message: TEXT } }), large: 400 },
  mida: { ...bearer, shape: () => ({ error: TEXT }), large: 400 },
};

/** Every route of every dialect; a new one is there by existing. */
export const EVERY_ROUTE = DIALECTS.flatMap((dialect) =>
  dialect.routes.map((route) => ({ called: `${route.method} ${route.path}`, dialect, route })),
);

export function mannerOf({ name }: Dialect): Manner {
  const manner = MANNERS[name];
  if (manner === undefined) throw new Error(`The manner of ${name} is not written down.`);
  return manner;
}

/** The path with these names in it, and the site wherever else some product looks for it. */
export function filledPath({ path }: Route, names: Record<string, string>): string {
  const site = names.site ?? '';
  const known: Record<string, string> = { website: site, project: site, ...names };
  return path.replace(/:(\w+)/g, (_, name: string) => known[name] ?? '1');
}

/** Expects one of the statuses and the dialect's own shape. */
export function expectRefusal(answer: Response, dialect: Dialect, statuses: readonly number[]): void {
  expect(statuses).toContain(answer.status);
  expect(answer.json()).toEqual(mannerOf(dialect).shape(answer.status));
}
