/** `GET /plan/:site` in front of the API's framework: compressed once per revision, answered from memory. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '../../core/problem.ts';
import type { SiteEntry, SiteRegistry } from '../goals/site-registry.ts';
import { acceptsEtag, chooseEncoding, type Encoded, encode } from './encoded.ts';

/** A changed goal reaches a browser that keeps coming back after this long at most. */
const MAX_AGE_S = 600;
/** Most of what the best quality saves, in a tenth of its time. */
const BROTLI_QUALITY = 6;

const HEADERS = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'timing-allow-origin': '*',
  'x-content-type-options': 'nosniff',
  vary: 'accept-encoding',
};

/** Plans are kept beside the registry's entries and go with them. */
export class PlanHandler {
  readonly #registry: SiteRegistry;
  readonly #encoded = new WeakMap<SiteEntry, Promise<Encoded>>();

  constructor(registry: SiteRegistry) {
    this.#registry = registry;
  }

  /** Answers the plan of a site, named by id, key, domain or the host of one of its pages. Throws `unknown_site`. */
  async answer(ref: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const entry = this.#registry.find(ref);
    if (entry === undefined) throw new Problem('unknown_site', 'There is no such site.');
    const encoded = await this.#encode(entry);
    const headers = { ...HEADERS, etag: encoded.etag, 'cache-control': `public, max-age=${MAX_AGE_S}` };
    if (acceptsEtag(request, encoded.etag)) {
      response.writeHead(304, headers).end();
      return;
    }
    const { body, encoding } = chooseEncoding(request, encoded);
    const content = { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length };
    response.writeHead(200, { ...headers, ...encoding, ...content });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  #encode(entry: SiteEntry): Promise<Encoded> {
    const known = this.#encoded.get(entry);
    if (known !== undefined) return known;
    const made = encodePlan(entry);
    this.#encoded.set(entry, made);
    return made;
  }
}

function encodePlan({ plan, site, revision }: SiteEntry): Promise<Encoded> {
  const etag = `W/"${site.id}-${revision}"`;
  return encode(Buffer.from(JSON.stringify(plan)), { quality: BROTLI_QUALITY, etag });
}
