/** PageSense's REST API: a project's goals in an envelope that is always the same. Seed 001. */
import type { Goal } from '../../../core/goal.ts';
import { PROBLEMS, Problem } from '../../../core/problem.ts';
import type { Site } from '../../../core/site.ts';
import type { Answer, Dialect, Refusal, Route } from '../dialect.ts';
import {
  type Fields,
  fieldsOf,
  isFields,
  keyOfScheme,
  type LooseCall,
  looseRoute,
  originOf,
} from './dialect-request.ts';
import { linknames, readPagesenseGoal, writePagesenseGoal } from './pagesense-goal.ts';

const PREFIX = '/pagesense/rest/v1/portal/:portal';
const tag = 'PageSense';

/** A goal with the site it belongs to and its link name there. */
interface Listed {
  goal: Goal;
  site: Site;
  linkname: string;
}

/** The sites a key may touch: its own, or all of the account. */
async function sitesOf({ backend, principal }: LooseCall): Promise<Site[]> {
  const own = principal.site_id;
  return own === null ? backend.sites.list() : [await backend.sites.get(own)];
}

/** The site a project names, if the key may touch it. */
async function findProject(call: LooseCall, ref: string): Promise<Site | undefined> {
  const found = call.backend.registry.find(ref)?.site;
  return found && (await sitesOf(call)).find((site) => site.id === found.id);
}

async function projectOf(call: LooseCall, ref: unknown): Promise<Site> {
  if (typeof ref !== 'string' || ref.trim() === '')
    throw new Problem('invalid_body', 'project_linkname is missing', { field: 'project_linkname' });
  const site = await findProject(call, ref.trim());
  if (site === undefined) throw new Problem('unknown_site', 'Project not found');
  return site;
}

/** The goals of a site that PageSense can show, newest first. */
async function listedOf({ backend }: LooseCall, site: Site): Promise<Listed[]> {
  const goals = (await backend.goals.all(site.id)).filter((goal) => writePagesenseGoal(goal) !== undefined);
  const names = linknames(goals);
  return goals.map((goal) => ({ goal, site, linkname: names.get(goal.id) ?? '' }));
}

/** The goals of a link name among some sites. Throws when none has it, or several sites do. */
async function findGoal(call: LooseCall, name: string, sites: readonly Site[]): Promise<Listed> {
  const all = await Promise.all(sites.map((site) => listedOf(call, site)));
  const found = all.flat().filter((one) => one.linkname === name);
  const [first] = found;
  if (first === undefined) throw new Problem('unknown_goal', 'Goal not found');
  if (found.length > 1)
    throw new Problem('invalid_body', `The goal ${name} is in several projects of this key; name the project.`);
  return first;
}

function rowOf({ goal, site, linkname }: Listed, changes: Fields = {}): Fields {
  return { ...writePagesenseGoal(goal), linkname, project_linkname: site.key, ...changes };
}

/** Both spellings of the time are sent: the product's documents use both. */
function envelope(
  call: LooseCall,
  members: Fields,
  { status, since_ms }: { status: number; since_ms: number },
): Answer {
  const took = `${call.backend.clock() - since_ms} ms`;
  const tail = { timeTakenToProcessTheResult: took, timeTakenToProcessTheRequest: took };
  const string = 'Operation completed successfully';
  return { status, body: { status_code: '10000', ...members, status_string: string, ...tail } };
}

/** Answers with some goals in the envelope; `status` is that of the answer. */
function goalRoute(
  sketch: Omit<Parameters<typeof looseRoute>[0], 'run' | 'tag' | 'about'>,
  find: (call: LooseCall) => Promise<Fields[]>,
): Route {
  return looseRoute({
    ...sketch,
    tag,
    about: 'account',
    async run(call) {
      const since_ms = call.backend.clock();
      const projectgoals = await find(call);
      return envelope(call, { projectgoals }, { status: sketch.status ?? 200, since_ms });
    },
  });
}

async function create(call: LooseCall): Promise<Fields[]> {
  const { projectgoal } = fieldsOf(call.body);
  if (!isFields(projectgoal)) throw new Problem('invalid_body', 'projectgoal is missing', { field: 'projectgoal' });
  const site = await projectOf(call, call.params.project ?? projectgoal.project_linkname);
  const { goal } = await call.backend.goals.create(site.id, { ...readPagesenseGoal(projectgoal) }, originOf(call));
  const made = (await listedOf(call, site)).find((one) => one.goal.id === goal.id);
  return made ? [rowOf(made)] : [];
}

const ROUTES: readonly Route[] = [
  goalRoute(
    {
      method: 'POST',
      path: `${PREFIX}/projectgoals/:project`,
      scope: 'goals:write',
      summary: 'Creates a goal of a project.',
      status: 201,
    },
    create,
  ),
  goalRoute(
    {
      method: 'GET',
      path: `${PREFIX}/projectgoals/:project`,
      scope: 'goals:read',
      summary: 'Lists the goals of a project, or shows the goal of that link name.',
    },
    async (call) => {
      const ref = call.params.project ?? '';
      const site = await findProject(call, ref);
      if (site !== undefined) return (await listedOf(call, site)).map((one) => rowOf(one));
      return [rowOf(await findGoal(call, ref, await sitesOf(call)))];
    },
  ),
  goalRoute(
    {
      method: 'GET',
      path: `${PREFIX}/projectgoals/:project/:goal`,
      scope: 'goals:read',
      summary: 'Shows a goal of a project.',
    },
    async (call) => {
      const site = await projectOf(call, call.params.project);
      return [rowOf(await findGoal(call, call.params.goal ?? '', [site]))];
    },
  ),
  goalRoute(
    {
      method: 'DELETE',
      path: `${PREFIX}/projectgoals/:goal`,
      scope: 'goals:write',
      summary: 'Deletes a goal.',
      body: 'ignored',
    },
    async (call) => {
      const found = await findGoal(call, call.params.goal ?? '', await sitesOf(call));
      await call.backend.goals.remove({ site: found.site.id, goal: found.goal.id }, originOf(call));
      return [rowOf(found, { goal_status: 2, success: true })];
    },
  ),
];

/** `{"status_code":…,"message":…}` with the codes of the product's table, which has neither 403 nor 422. */
function refuse(problem: Problem): Refusal {
  const { code, message } = problem;
  const own = PROBLEMS[code].status;
  const status = own === 403 ? 401 : [400, 401, 404, 429, 500, 503].includes(own) ? own : 400;
  return { status, headers: {}, body: { status_code: status, message } };
}

export const pagesense: Dialect = {
  name: 'pagesense',
  prefixes: ['/pagesense/rest/v1'],
  routes: ROUTES,
  credentials: (asking) => keyOfScheme(asking, 'Zoho-oauthtoken'),
  siteRef: () => undefined,
  refuse,
};
