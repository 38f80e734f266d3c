/** PageSense's REST API: a project's goals in an envelope that is always the same. Seed 001. */
import type { Goal } from '../../../core/goal.ts';
import { PROBLEMS, Problem } from '../../../core/problem.ts';
import type { Site } from '../../../core/site.ts';
import type { Dialect, Refusal, Route } from '../dialect.ts';
import { type Fields, fieldsOf, isFields, keyOfScheme, type LooseCall, originOf } from './dialect-request.ts';
import { envelopeRoute, findProject, projectOf, sitesOf } from './pagesense-envelope.ts';
import { CUSTOM_EVENT_ROUTES } from './pagesense-events.ts';
import { readPagesenseGoal, writePagesenseGoal } from './pagesense-goal.ts';
import { keptLinkname, linknames, newLinkname } from './pagesense-linkname.ts';

/** A goal with the site it belongs to and its link name there. */
interface Listed {
  goal: Goal;
  site: Site;
  linkname: string;
}

/** The goals of a site that PageSense can show, newest first. */
async function listedOf({ backend }: LooseCall, site: Site): Promise<Listed[]> {
  const goals = await backend.goals.all(site.id);
  const names = linknames(goals);
  const listed = goals.filter((goal) => writePagesenseGoal(goal) !== undefined);
  return listed.map((goal) => ({ goal, site, linkname: names.get(goal.id) ?? '' }));
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

/** A goal as it is shown. Its project goes by the name the request has for it, else by that of the goal's creation. */
function rowOf({ goal, site, linkname }: Listed, changes: Fields = {}): Fields {
  const project_linkname = goal.foreign.pagesense?.project_linkname ?? site.key;
  return { ...writePagesenseGoal(goal), linkname, project_linkname, ...changes };
}

async function create(call: LooseCall): Promise<Fields[]> {
  const { projectgoal } = fieldsOf(call.body);
  if (!isFields(projectgoal)) throw new Problem('invalid_body', 'projectgoal is missing', { field: 'projectgoal' });
  const project_linkname = call.params.project ?? projectgoal.project_linkname;
  const site = await projectOf(call, project_linkname);
  const { foreign, ...definition } = readPagesenseGoal(projectgoal);
  const draft = (existing: readonly Goal[]) => {
    const taken = new Set(linknames(existing).values());
    const kept = { ...foreign.pagesense, project_linkname, linkname: newLinkname(definition.name, taken) };
    return { ...definition, foreign: { pagesense: kept } };
  };
  const { goal } = await call.backend.goals.create(site.id, draft, originOf(call));
  // What was just given stays, so the other goals need not be read again.
  return [rowOf({ goal, site, linkname: keptLinkname(goal) ?? '' }, { project_linkname })];
}

const path = '/projectgoals';
const list = 'projectgoals';

const ROUTES: readonly Route[] = [
  envelopeRoute({
    method: 'POST',
    path: `${path}/:project`,
    list,
    scope: 'goals:write',
    summary: 'Creates a goal of a project.',
    status: 201,
    find: create,
  }),
  envelopeRoute({
    method: 'GET',
    path: `${path}/:project`,
    list,
    scope: 'goals:read',
    summary: 'Lists the goals of a project, or shows the goal of that link name.',
    async find(call) {
      const ref = call.params.project ?? '';
      const site = await findProject(call, ref);
      if (site !== undefined) return (await listedOf(call, site)).map((one) => rowOf(one, { project_linkname: ref }));
      return [rowOf(await findGoal(call, ref, await sitesOf(call)))];
    },
  }),
  envelopeRoute({
    method: 'GET',
    path: `${path}/:project/:goal`,
    list,
    scope: 'goals:read',
    summary: 'Shows a goal of a project.',
    async find(call) {
      const project_linkname = call.params.project;
      const site = await projectOf(call, project_linkname);
      return [rowOf(await findGoal(call, call.params.goal ?? '', [site]), { project_linkname })];
    },
  }),
  envelopeRoute({
    method: 'DELETE',
    path: `${path}/:goal`,
    list,
    scope: 'goals:write',
    summary: 'Deletes a goal.',
    body: 'ignored',
    async find(call) {
      const found = await findGoal(call, call.params.goal ?? '', await sitesOf(call));
      await call.backend.goals.remove({ site: found.site.id, goal: found.goal.id }, originOf(call));
      return [rowOf(found, { goal_status: 2, success: true })];
    },
  }),
  ...CUSTOM_EVENT_ROUTES,
];

/** The statuses of the product's table. */
const STATUSES = [400, 401, 404, 429, 500];

/** `{"status_code":…,"message":…}`; the table has neither 403 nor 422, and to come later is 429 there. */
function refuse(problem: Problem): Refusal {
  const { code, message } = problem;
  const own = PROBLEMS[code].status;
  const status = own === 403 ? 401 : own === 503 ? 429 : STATUSES.includes(own) ? own : 400;
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
