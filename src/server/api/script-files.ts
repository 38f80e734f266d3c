/** The browser's files: read once at start, compressed on other threads when first asked for, answered from memory. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { acceptsEtag, chooseEncoding, type Encoded, encode } from './encoded.ts';

const FILES = ['tracker', 'tracker-debug', 'compat', 'picker'];
const HASH_CHARACTERS = 12;
const DAY_S = 86_400;
const FOR_EVER = `public, max-age=${365 * DAY_S}, immutable`;

/** One path and what it answers. */
interface ScriptFile {
  identity: Buffer;
  encoded: () => Promise<Encoded>;
  cache_control: string;
}

/** The package's folder: the nearest one above this file that has a package.json. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/**
 * Compresses a file that is sent many times, as small as it gets, when it is first asked for; who asks meanwhile waits.
 * All of them at each start took a quarter of a second of processor, for servers of which many never show a dashboard.
 */
export function encodedFile(identity: Buffer): () => Promise<Encoded> {
  let encoded: Promise<Encoded> | undefined;
  return () => {
    encoded ??= encode(identity, { quality: 11, etag: `"${contentHash(identity)}"` });
    return encoded;
  };
}

/** What stands for a content in names and tags. */
export function contentHash(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, HASH_CHARACTERS);
}

/** Reads what the build made; a file that was not built is unknown and its path answers 404. */
export function readScriptFiles(folder = packageFolder()): Map<string, ScriptFile> {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const files = new Map<string, ScriptFile>();
  for (const name of FILES) {
    const path = join(folder, 'dist', `${name}.js`);
    if (!existsSync(path)) continue;
    const identity = readFileSync(path);
    const file = { identity, encoded: encodedFile(identity) };
    files.set(`/${name}.js`, { ...file, cache_control: `public, max-age=${DAY_S}` });
    files.set(`/${name}-${version}-${contentHash(identity)}.js`, { ...file, cache_control: FOR_EVER });
  }
  return files;
}

/** The tracker under the name that never changes its content, and what a page checks it by. */
export interface PinnedScript {
  /** Beginning with `/`. */
  path: string;
  /** `sha384-…` */
  integrity: string;
}

/** Reads it from the build. */
export function pinnedTracker(folder = packageFolder()): PinnedScript {
  const { file, integrity } = JSON.parse(readFileSync(join(folder, 'dist', 'tracker.json'), 'utf8')) as {
    file: string;
    integrity: string;
  };
  return { path: `/${file}`, integrity };
}

/** What the handler of scripts needs besides them. */
interface ScriptSources {
  /** The content of an earlier release's script. */
  older(name: string): Buffer | undefined;
  /** Answers when something went wrong. */
  onFailure(error: unknown, response: ServerResponse): void;
}

/** Answers a script, of this release or an `older` one; false when the path is none. */
export function createScriptHandler(files: Map<string, ScriptFile>, { older, onFailure }: ScriptSources) {
  const find = (path: string): ScriptFile | undefined => {
    const known = files.get(path);
    if (known !== undefined) return known;
    const identity = older(path.slice(1));
    if (identity === undefined) return undefined;
    const file = { identity, encoded: encodedFile(identity), cache_control: FOR_EVER };
    files.set(path, file);
    return file;
  };
  return (path: string, request: IncomingMessage, response: ServerResponse): boolean => {
    const file = find(path);
    file
      ?.encoded()
      .then((encoded) => sendScript({ encoded, cache_control: file.cache_control }, request, response))
      .catch((error: unknown) => onFailure(error, response));
    return file !== undefined;
  };
}

function sendScript(
  { encoded, cache_control }: { encoded: Encoded; cache_control: string },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const headers = {
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'timing-allow-origin': '*',
    'x-content-type-options': 'nosniff',
    'cache-control': cache_control,
    vary: 'accept-encoding',
    etag: encoded.etag,
  };
  if (acceptsEtag(request, encoded.etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const { body, encoding } = chooseEncoding(request, encoded);
  response.writeHead(200, {
    ...headers,
    ...encoding,
    'content-type': 'text/javascript; charset=utf-8',
    'content-length': body.length,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
