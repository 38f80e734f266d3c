/** The envelope around everything PageSense answers, and the projects its keys may touch. */
import { Problem } from '../../../core/problem.ts';
import type { Site } from '../../../core/site.ts';
import type { Route } from '../dialect.ts';
import { type Fields, type LooseCall, type LooseRoute, looseRoute } from './dialect-request.ts';

const PREFIX = '/pagesense/rest/v1/portal/:portal';

/** What a route of PageSense says besides what they share; the path comes after the portal's. */
export type EnvelopeRoute = Omit<LooseRoute, 'run' | 'tag' | 'about'> & {
  /** Name of the list in the envelope. */
  list: 'projectgoals' | 'customevents';
  find(call: LooseCall): Promise<Fields[]>;
};

/** Completes a route whose answer is a list in the envelope. */
export function envelopeRoute({ list, find, path, ...sketch }: EnvelopeRoute): Route {
  return looseRoute({
    ...sketch,
    path: `${PREFIX}${path}`,
    tag: 'PageSense',
    about: 'account',
    async run(call) {
      const since_ms = call.backend.clock();
      const found = await find(call);
      const took = `${call.backend.clock() - since_ms} ms`;
      const body = {
        status_code: '10000',
        [list]: found,
        status_string: 'Operation completed successfully',
        // Both spellings are sent: the product's documents use both.
        timeTakenToProcessTheResult: took,
        timeTakenToProcessTheRequest: took,
      };
      return { status: sketch.status ?? 200, body };
    },
  });
}

/** The sites a key may touch: its own, or all of the account. */
export async function sitesOf({ backend, principal }: LooseCall): Promise<Site[]> {
  const own = principal.site_id;
  return own === null ? backend.sites.list() : [await backend.sites.get(own)];
}

/** The site a project names, if the key may touch it. */
export async function findProject(call: LooseCall, ref: string): Promise<Site | undefined> {
  const found = call.backend.registry.find(ref)?.site;
  return found && (await sitesOf(call)).find((site) => site.id === found.id);
}

/** The site that `project_linkname` names. Throws `invalid_body`, `unknown_site`. */
export async function projectOf(call: LooseCall, ref: unknown): Promise<Site> {
  if (typeof ref !== 'string' || ref.trim() === '')
    throw new Problem('invalid_body', 'project_linkname is missing', { field: 'project_linkname' });
  const site = await findProject(call, ref.trim());
  if (site === undefined) throw new Problem('unknown_site', 'Project not found');
  return site;
}
