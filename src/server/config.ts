/** Settings of a server process. This file alone reads the environment; flags outrank it. */
import { resolve } from 'node:path';
import ipaddr from 'ipaddr.js';

/** Where a setting was wrong, in words for a terminal. */
export class SettingError extends Error {
  constructor(setting: string, sentence: string) {
    super(`${setting}: ${sentence}`);
    this.name = 'SettingError';
  }
}

/** What a password costs: the binary logarithm of scrypt's N, hence of the KiB that a hash takes. */
export const PASSWORD_COST = {
  /** Node's own default: 16 MiB, a twentieth of a second. */
  least: 14,
  /** OWASP's first recommendation: 128 MiB, a third of a second. */
  usual: 17,
  most: 20,
};

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Everything a server process can be told from outside. */
export interface ServerConfig {
  /** TCP port; 0 takes any free one. GOALPOST_PORT, default 8080. */
  port: number;
  /** Address to listen on. GOALPOST_HOST, default 127.0.0.1. */
  host: string;
  /** Absolute path of the data folder. GOALPOST_DATA, default ./data. */
  data_dir: string;
  /** `postgres://…` for the configuration; null: SQLite in the data folder. GOALPOST_CONFIG. */
  config_url: string | null;
  /** `clickhouse://…` for events; null: DuckDB in the data folder. GOALPOST_EVENTS. */
  events_url: string | null;
  /** Base URL under which browsers reach this server, without a trailing slash; null: made from host and port. GOALPOST_URL. */
  public_url: string | null;
  /** Addresses, ranges or the names `loopback`, `private`, whose X-Forwarded-For is believed. GOALPOST_TRUSTED_PROXIES. */
  trusted_proxies: string[];
  /** GOALPOST_LOG, default info. */
  log_level: LogLevel;
  /** false switches every limiter off, that of refused keys too. GOALPOST_RATE_LIMIT=off. */
  rate_limit: boolean;
  /** See PASSWORD_COST. GOALPOST_PASSWORD_COST, 14 to 20, default 17. */
  password_cost: number;
  /** MaxMind-format file for countries; null: the bundled one. GOALPOST_GEO. */
  geo_file: string | null;
}

/** What command line flags may set. */
export interface ConfigFlags {
  port?: string | undefined;
  host?: string | undefined;
  data?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const PROXY_NAMES = ['loopback', 'private'];

/** Reads flags and environment. Throws SettingError naming the variable or flag at fault. */
export function readConfig(flags: ConfigFlags = {}, environment: Environment = process.env): ServerConfig {
  const read = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const port = flags.port ?? read('GOALPOST_PORT') ?? '8080';
  const data = flags.data ?? read('GOALPOST_DATA') ?? './data';
  return {
    port: readPort(port, flags.port === undefined ? 'GOALPOST_PORT' : '--port'),
    host: flags.host ?? read('GOALPOST_HOST') ?? '127.0.0.1',
    data_dir: resolve(data),
    config_url: readStoreUrl(read('GOALPOST_CONFIG'), 'GOALPOST_CONFIG', ['postgres:', 'postgresql:']),
    events_url: readStoreUrl(read('GOALPOST_EVENTS'), 'GOALPOST_EVENTS', ['clickhouse:', 'clickhouses:']),
    public_url: readPublicUrl(read('GOALPOST_URL')),
    trusted_proxies: readProxies(read('GOALPOST_TRUSTED_PROXIES') ?? 'loopback'),
    log_level: readLogLevel(read('GOALPOST_LOG') ?? 'info'),
    rate_limit: readSwitch(read('GOALPOST_RATE_LIMIT')),
    password_cost: readPasswordCost(read('GOALPOST_PASSWORD_COST')),
    geo_file: read('GOALPOST_GEO') ?? null,
  };
}

function readPort(text: string, setting: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new SettingError(setting, `"${text}" is no port; give a number from 0 to 65535 (0 takes any free port).`);
  }
  return port;
}

function readStoreUrl(text: string | undefined, setting: string, schemes: string[]): string | null {
  if (text === undefined) return null;
  // `postgres://user@/name?host=/run/postgresql` names a socket, and is no URL to every parser.
  if (!schemes.some((scheme) => text.startsWith(`${scheme}//`))) {
    throw new SettingError(
      setting,
      `give a URL that starts with ${schemes[0]}// or leave it unset for the embedded store.`,
    );
  }
  return text;
}

function readPublicUrl(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new SettingError('GOALPOST_URL', `"${text}" is no http or https URL.`);
  }
  return text.replace(/\/+$/, '');
}

function readProxies(text: string): string[] {
  const entries = text.split(',').flatMap((entry) => entry.trim() || []);
  for (const entry of entries) {
    if (PROXY_NAMES.includes(entry) || ipaddr.isValid(entry) || ipaddr.isValidCIDR(entry)) continue;
    throw new SettingError(
      'GOALPOST_TRUSTED_PROXIES',
      `"${entry}" is neither an address, a range, "loopback" nor "private".`,
    );
  }
  return entries;
}

function readLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text);
  if (level === undefined) throw new SettingError('GOALPOST_LOG', `"${text}" is none of ${LOG_LEVELS.join(', ')}.`);
  return level;
}

function readPasswordCost(text: string | undefined): number {
  const { least, usual, most } = PASSWORD_COST;
  const cost = text === undefined ? usual : Number(text);
  if (Number.isInteger(cost) && cost >= least && cost <= most) return cost;
  throw new SettingError('GOALPOST_PASSWORD_COST', `"${text}" is no whole number from ${least} to ${most}.`);
}

function readSwitch(text: string | undefined): boolean {
  if (text === undefined || text === 'on') return true;
  if (text === 'off') return false;
  throw new SettingError('GOALPOST_RATE_LIMIT', `"${text}" is neither "on" nor "off".`);
}
