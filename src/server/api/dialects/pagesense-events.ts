/** PageSense's custom events: names announced for a project before the first such event. */
import { Problem } from '../../../core/problem.ts';
import type { EventName } from '../../goals/event-names.ts';
import type { Route } from '../dialect.ts';
import { type Fields, fieldsOf, isFields, type LooseCall, originOf, queryText } from './dialect-request.ts';
import { envelopeRoute, projectOf, sitesOf } from './pagesense-envelope.ts';
import { linkname, newLinkname } from './pagesense-linkname.ts';

const path = '/customevents';

function linknameOf({ name, foreign }: EventName): string {
  const kept = isFields(foreign.pagesense) ? foreign.pagesense.linkname : undefined;
  return typeof kept === 'string' ? kept : linkname(name);
}

const rowOf = (event: EventName): Fields => ({ event_id: event.number, success: true, linkname: linknameOf(event) });

async function announce(call: LooseCall): Promise<Fields[]> {
  const { customevent } = fieldsOf(call.body);
  if (!isFields(customevent)) throw new Problem('invalid_body', 'customevent is missing', { field: 'customevent' });
  const { event_name: name, project_linkname } = customevent;
  if (typeof name !== 'string' || name.trim() === '')
    throw new Problem('invalid_body', 'event_name is missing', { field: 'event_name' });
  const site = await projectOf(call, project_linkname);
  const foreign = (existing: readonly EventName[]) => ({
    pagesense: { linkname: newLinkname(name, new Set(existing.map(linknameOf))) },
  });
  return [rowOf(await call.backend.eventNames.ensure(site.id, { name, foreign }, originOf(call)))];
}

async function list(call: LooseCall): Promise<Fields[]> {
  const project = queryText(call.query, 'project_linkname');
  const sites = project === undefined ? await sitesOf(call) : [await projectOf(call, project)];
  const names = await Promise.all(sites.map((site) => call.backend.eventNames.list(site.id)));
  return names
    .flat()
    .sort((a, b) => b.number - a.number)
    .map(rowOf);
}

export const CUSTOM_EVENT_ROUTES: readonly Route[] = [
  envelopeRoute({
    method: 'POST',
    path,
    list: 'customevents',
    scope: 'goals:write',
    summary: 'Announces a custom event of a project.',
    status: 201,
    find: announce,
  }),
  envelopeRoute({
    method: 'GET',
    path,
    list: 'customevents',
    scope: 'goals:read',
    summary: 'Lists announced custom events, newest first.',
    find: list,
  }),
];
