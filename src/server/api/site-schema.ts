/** Schemas of sites and keys as the native API speaks of them. */
import { Type } from '@sinclair/typebox';
import { SCOPES } from '../goals/key-request.ts';
import { choice, nullableAll, optionalAll } from './goal-schema.ts';

const closed = { additionalProperties: false };
const texts = Type.Array(Type.String());

const settable = {
  name: Type.String(),
  domains: Type.Array(Type.String(), { description: 'At least one host name.' }),
  allowed_hosts: texts,
  timezone: Type.String({ description: 'IANA name.' }),
  currency: Type.String({ description: 'ISO 4217.' }),
  bots: choice(['exclude', 'include'] as const),
  exclusions: Type.Object(
    { addresses: Type.Optional(texts), paths: Type.Optional(texts), hosts: Type.Optional(texts) },
    closed,
  ),
  retention_days: Type.Union([Type.Integer(), Type.Null()]),
  redact: texts,
  suspended: Type.Boolean(),
  plan_limits: Type.Object(
    { revenue_goals: Type.Optional(Type.Boolean()), properties: Type.Optional(Type.Boolean()) },
    closed,
  ),
};
const given = {
  id: Type.String(),
  number: Type.Integer(),
  key: Type.String({ description: 'Public; it stands in pages.' }),
  revision: Type.Integer(),
  created_at: Type.Integer(),
  updated_at: Type.Integer(),
};

export const SiteSchema = Type.Object({ ...settable, ...given });
export const SiteListSchema = Type.Object({ sites: Type.Array(SiteSchema), next: Type.Null() });
export const NewSiteSchema = Type.Object(
  { ...optionalAll(settable), ...optionalAll(given), domains: settable.domains },
  closed,
);
export const SitePatchSchema = Type.Object({ ...optionalAll(nullableAll(settable)), ...optionalAll(given) }, closed);

const expires = Type.Union([Type.Integer(), Type.Null()], { description: 'Milliseconds since 1970 UTC; null: never.' });
const scopes = Type.Array(choice(SCOPES), { minItems: 1, uniqueItems: true });

export const KeySchema = Type.Object({
  id: Type.String(),
  name: Type.String({ description: 'What it is for; may be empty.' }),
  hint: Type.String({ description: 'Its first characters.' }),
  site_id: Type.Union([Type.String(), Type.Null()]),
  scopes,
  expires_at: expires,
  created_at: Type.Integer(),
  last_used_at: Type.Union([Type.Integer(), Type.Null()]),
  revoked_at: Type.Union([Type.Integer(), Type.Null()], { description: 'null: it works.' }),
});
export const NewKeySchema = Type.Object(
  {
    site: Type.Optional(
      Type.Union([Type.String(), Type.Null()], { description: 'Id, key or domain; null or absent: every site.' }),
    ),
    scopes,
    expires_at: Type.Optional(expires),
    name: Type.Optional(Type.String({ maxLength: 200 })),
    as: Type.Optional(Type.String({ maxLength: 500, description: 'A key of another product, to be accepted here.' })),
  },
  closed,
);
/** `key` is shown this once. */
export const MadeKeySchema = Type.Object({ id: Type.String(), key: Type.String() });
export const KeyListSchema = Type.Object({ keys: Type.Array(KeySchema), next: Type.Null() });
