/** Bodies kept in every encoding that browsers take, and the choice between them. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

/** One content, compressed beforehand. */
export interface Encoded {
  identity: Buffer;
  br: Buffer;
  gzip: Buffer;
  /** Quoted, with `W/` when weak. */
  etag: string;
}

/** Compresses on other threads; `quality` is Brotli's, 11 the smallest and slowest. */
export async function encode(identity: Buffer, { quality, etag }: { quality: number; etag: string }): Promise<Encoded> {
  const [br, gzipped] = await Promise.all([
    compressBrotli(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }),
    compressGzip(identity, { level: 9 }),
  ]);
  return { identity, br, gzip: gzipped, etag };
}

/** The smallest body the client takes, with the header that says so. */
export function chooseEncoding(
  request: IncomingMessage,
  encoded: Encoded,
): { body: Buffer; encoding: Record<string, string> } {
  const accepted = String(request.headers['accept-encoding'] ?? '').toLowerCase();
  for (const name of ['br', 'gzip'] as const) {
    if (takes(accepted, name)) return { body: encoded[name], encoding: { 'content-encoding': name } };
  }
  return { body: encoded.identity, encoding: {} };
}

function takes(accepted: string, name: string): boolean {
  return accepted.split(',').some((item) => {
    const [coding = '', ...parameters] = item.split(';').map((part) => part.trim());
    return coding === name && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}

/** Whether the client has this content already; weak comparison, as RFC 9110 asks for If-None-Match. */
export function acceptsEtag(request: IncomingMessage, etag: string): boolean {
  const known = request.headers['if-none-match'];
  if (known === undefined) return false;
  const bare = etag.replace(/^W\//, '');
  return known.split(',').some((item) => item.trim() === '*' || item.trim().replace(/^W\//, '') === bare);
}
