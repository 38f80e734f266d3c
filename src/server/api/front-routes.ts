/**
 * What the plain handler in front of the framework answers, told for the reference. These schemas describe and stand in
 * nobody's way: bodies are checked by `core/decode-beacon.ts` and `core/check-event.ts`, events one by one.
 */
import { type TSchema, Type } from '@sinclair/typebox';
import type { Beacon, BeaconEvent } from '../../core/beacon.ts';
import { WIRE_VERSION } from '../../core/beacon.ts';
import { BEACON_EVENTS } from '../../core/limits.ts';
import type { Route } from './dialect.ts';
import { AcceptedSchema } from './native-events.ts';
import { NOTHING, pathParams } from './route.ts';

/** What the reference says of a route. */
export type DocumentedRoute = Pick<
  Route,
  'method' | 'path' | 'scope' | 'summary' | 'tag' | 'params' | 'query' | 'body' | 'answers'
>;

const tag = 'Browsers';
const loose = { additionalProperties: true };
const text = (description: string) => Type.Optional(Type.String({ description }));
const money = Type.Union([Type.String(), Type.Number()]);

/** What both a batch and one of its events may say of who sent it. */
const sender = {
  vi: text('Visitor, if the browser keeps one.'),
  si: text('Session, if the browser keeps one.'),
  l: text('Language, e.g. `en-GB`.'),
  w: Type.Optional(Type.Number({ description: 'Width of the viewport in CSS px.' })),
  z: text('IANA time zone.'),
};

const event = {
  i: Type.String({ description: 'Id, UUIDv7; the same id again counts once.' }),
  n: Type.String({ description: 'Name: `$pageview`, another of ours, or the page’s own.' }),
  a: Type.Optional(Type.Number({ description: 'Age in ms when it was sent, 0 or less.' })),
  pv: text('Id of the `$pageview` it belongs to; its own on that.'),
  ac: text('Id of the action of the visitor that it came of.'),
  u: text('URL of the page, redacted.'),
  f: text('Referrer, redacted.'),
  d: text('Title of the document.'),
  vk: Type.Optional(Type.Literal(1, { description: 'A view without a load.' })),
  g: Type.Optional(
    Type.Array(Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1, maxItems: 3 })]), {
      description: 'Goals found met: id, or id with raw value and raw currency.',
    }),
  ),
  m: Type.Optional(money),
  c: text('Currency of the amount `m`.'),
  o: text('Order; it counts once.'),
  p: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]))),
  en: Type.Optional(Type.Number({ description: 'ms looked at, on `$engagement`.' })),
  sc: Type.Optional(Type.Number({ description: 'Furthest scroll in percent, on `$engagement`.' })),
  ...sender,
} satisfies Record<keyof BeaconEvent, TSchema>;

const batch = {
  v: Type.Literal(WIRE_VERSION),
  s: text('Public key, id or domain of the site; absent: the host of the first URL.'),
  t: Type.Optional(Type.Number({ description: 'Time of sending, ms since 1970.' })),
  r: Type.Optional(Type.Number({ description: 'Revision of the plan that decided.' })),
  e: Type.Array(Type.Object(event, loose), { maxItems: BEACON_EVENTS }),
  ...sender,
} satisfies Record<keyof Beacon, TSchema>;

const BodySchema = Type.Union([
  Type.Object(batch, { ...loose, description: 'A batch of the script.' }),
  Type.Object({ website_id: Type.String() }, { ...loose, description: 'As `POST /api/collect`.' }),
  Type.Array(Type.Object({ website_id: Type.String() }, loose), { description: 'As `POST /api/collect`.' }),
]);

const PlanSchema = Type.Object(
  {
    v: Type.Integer({ description: 'Version of the form.' }),
    r: Type.Integer({ description: 'Revision: it grows with every change that browsers must know of.' }),
    x: Type.Optional(
      Type.Array(Type.String(), { description: 'Query parameters to redact besides the built-in ones.' }),
    ),
    g: Type.Array(Type.Object({ i: Type.String({ description: 'Id of the goal.' }) }, loose), {
      description: 'What the script of the same release needs of each goal; other members may change with a release.',
    }),
  },
  loose,
);

/** Told by no dialect's table, because the framework never sees these requests. */
export const FRONT_ROUTES: readonly DocumentedRoute[] = [
  {
    method: 'POST',
    path: '/e',
    scope: null,
    tag,
    summary: 'Takes what pages report. Answered when it is on disk; a bad event is dropped alone, with its reason.',
    params: NOTHING,
    query: NOTHING,
    body: BodySchema,
    answers: {
      202: Type.Union([AcceptedSchema, Type.Object({ ok: Type.Literal(true) }, { additionalProperties: false })]),
    },
  },
  {
    method: 'GET',
    path: '/plan/:site',
    scope: null,
    tag,
    summary: 'What a browser needs to run the goals of a site, named by public key, id or domain.',
    params: pathParams('/plan/:site'),
    query: NOTHING,
    body: null,
    answers: { 200: PlanSchema, 304: null },
  },
];
