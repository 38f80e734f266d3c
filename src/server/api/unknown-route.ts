/** Answers requests that no route is there for: wrong paths, and natively wrong methods, with those that would be right. */
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../core/problem.ts';
import { DIALECTS } from './dialects/index.ts';
import { native } from './dialects/native.ts';
import { FRONT_ROUTES } from './front-routes.ts';
import { dialectOf, pathOf, sendProblem } from './handle.ts';

/** `/api/sites/:site` → a pattern for its paths, with or without a slash at the end. */
function patternOf(path: string): RegExp {
  const escaped = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/:\w+/g, '[^/]+')}/?$`);
}

/** The methods of every route by its path. */
class AllowedMethods {
  readonly #paths = new Map<string, { pattern: RegExp; methods: Set<string> }>();

  add(path: string, methods: readonly string[]): void {
    const known = this.#paths.get(path) ?? { pattern: patternOf(path), methods: new Set() };
    for (const method of methods) known.methods.add(method);
    this.#paths.set(path, known);
  }

  /** Those of a path as it is asked for, sorted; none when there is no such path. */
  of(path: string): string[] {
    const found = [...this.#paths.values()].filter(({ pattern }) => pattern.test(path));
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort();
  }
}

/** To be called before routes are mounted. Products' statuses are closed and have no 405: there a wrong method is 404. */
export function answerUnknown(fastify: FastifyInstance): void {
  const allowed = new AllowedMethods();
  for (const { path, method } of FRONT_ROUTES) allowed.add(path, method === 'GET' ? ['GET', 'HEAD'] : [method]);
  fastify.addHook('onRoute', ({ url, method }) => allowed.add(url, [method].flat()));
  fastify.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url);
    const dialect = dialectOf(DIALECTS, path);
    const methods = dialect === native ? allowed.of(path) : [];
    const message = `There is no ${request.method} ${path}`;
    if (methods.length === 0) return sendProblem(reply, dialect, new Problem('not_found', `${message}.`));
    reply.header('allow', methods.join(', '));
    return sendProblem(reply, dialect, new Problem('method_not_allowed', `${message}, only ${methods.join(', ')}.`));
  });
}
