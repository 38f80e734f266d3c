/** The tables of the configuration store, as Kysely sees them. Times are ms since 1970 UTC; flags are 0 or 1. */

/** Counters that only grow: `site`, `goal`, `audit`, and `change` (one per write that collectors must learn of). */
export interface NumberTable {
  name: string;
  value: number;
}

/** Sites. */
export interface SiteTable {
  id: string;
  number: number;
  key: string;
  name: string;
  /** JSON: what else `Site` has, domains in their order included. */
  settings: string;
  revision: number;
  /** Value of the counter `change` when the site, a goal or a group of it last changed. */
  change: number;
  created_at: number;
  updated_at: number;
  /** Removed sites keep their row, so that numbers and keys are never given again. */
  deleted_at: number | null;
}

/** Who owns a domain; its primary key makes a domain belong to one site. */
export interface SiteDomainTable {
  /** Lower-case ASCII without `www.`. */
  domain: string;
  site_id: string;
}

/** Goals as they are now, deleted ones too. */
export interface GoalTable {
  id: string;
  number: number;
  site_id: string;
  key: string;
  /** JSON of GoalDefinition. */
  definition: string;
  version: number;
  generation: number;
  created_at: number;
  updated_at: number;
  deleted_at: number | null;
}

/** Goals as they were. */
export interface GoalVersionTable {
  goal_id: string;
  version: number;
  site_id: string;
  /** The site's revision this version began with. */
  revision: number;
  definition: string;
  /** 1: this version is the deletion. */
  deleted: number;
  actor: string;
  at: number;
}

/** Stored lists of URL rules. */
export interface UrlGroupTable {
  site_id: string;
  key: string;
  name: string;
  /** JSON of UrlRule[]. */
  rules: string;
  created_at: number;
  updated_at: number;
}

/** Keys of the APIs. */
export interface ApiKeyTable {
  id: string;
  name: string;
  /** SHA-256 of the whole key, hexadecimal. */
  hash: string;
  /** The first characters, to tell keys apart. */
  hint: string;
  /** null: all sites of the installation. */
  site_id: string | null;
  /** Separated by spaces. */
  scopes: string;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
  revoked_at: number | null;
}

/** Who changed what. */
export interface AuditTable {
  number: number;
  at: number;
  actor: string;
  /** e.g. `goal.update`. */
  action: string;
  site_id: string | null;
  /** Id of what was changed. */
  subject: string;
  /** JSON, never a secret. */
  detail: string;
}

/** People who may log in. */
export interface UserTable {
  id: string;
  /** Trimmed and lower-case. */
  email: string;
  name: string;
  role: string;
  /** scrypt with its parameters. */
  password: string;
  created_at: number;
  updated_at: number;
}

/** One-time tokens that make a member: the first owner's, and those of invited people. */
export interface InvitationTable {
  hash: string;
  role: string;
  /** null: the first owner's, who brings an address. */
  email: string | null;
  created_at: number;
  expires_at: number | null;
}

/** Logins of the dashboard. */
export interface WebSessionTable {
  hash: string;
  user_id: string;
  csrf_token: string;
  created_at: number;
  expires_at: number;
}

/** Links that show one site to whoever has them. */
export interface ShareLinkTable {
  id: string;
  hash: string;
  site_id: string;
  name: string;
  created_at: number;
  expires_at: number | null;
}

/** What default identities are made with, a row for each day. */
export interface SaltTable {
  /** `YYYY-MM-DD` UTC. */
  day: string;
  /** 32 bytes, hexadecimal. */
  salt: string;
}

/** Goals that are being applied to the past, and those that were. */
export interface BackfillJobTable {
  goal_id: string;
  generation: number;
  /** Events received later than this are counted live under the new generation. */
  watermark_ms: number;
  /** Event times from `from_ms` to `until_ms` are the past; before `next_day_ms` it is done. */
  from_ms: number;
  next_day_ms: number;
  until_ms: number;
  /** `running`, `done`, `failed`, `replaced`. */
  state: string;
  started_at: number;
}

/** Event names that an API announced before any event came. */
export interface EventNameTable {
  site_id: string;
  name: string;
  number: number;
  /** JSON: what the dialect that made it keeps. */
  foreign_fields: string;
  created_at: number;
}

/** Keys of conversions that are unique for ever; event stores that have no place of their own for them keep them here. */
export interface ClaimTable {
  /** UUID. */
  key: string;
  /** Id of the event that holds it. */
  event: string;
  /** The event's time, ms since 1970 UTC. */
  ts: number;
}

/** All tables by name. */
export interface ConfigSchema {
  numbers: NumberTable;
  sites: SiteTable;
  site_domains: SiteDomainTable;
  goals: GoalTable;
  goal_versions: GoalVersionTable;
  url_groups: UrlGroupTable;
  api_keys: ApiKeyTable;
  audit: AuditTable;
  users: UserTable;
  invitations: InvitationTable;
  web_sessions: WebSessionTable;
  share_links: ShareLinkTable;
  salts: SaltTable;
  backfill_jobs: BackfillJobTable;
  event_names: EventNameTable;
  claims: ClaimTable;
}
