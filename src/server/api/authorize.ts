/** Who may do what: finds the principal of a request, its scope and its site. */
import { Problem } from '../../core/problem.ts';
import type { Site } from '../../core/site.ts';
import { permits } from '../goals/key-request.ts';
import { principalOfPerson } from './account-session.ts';
import type { Backend } from './backend.ts';
import type { Asking, Dialect, Route } from './dialect.ts';
import { CONTROL_PRINCIPAL, type Principal, STRANGER } from './principal.ts';
import type { RefusalLimiter } from './refusal-limiter.ts';

/** Where a request came from. */
export interface Origin {
  /** The client's address after trusted proxies; of IPv6 its /64, which one subscriber has. */
  address: string;
  /** Came in by the control socket, whose file only the owner can open. */
  control: boolean;
}

/** What authorisation needs besides the request. */
export interface Gate {
  backend: Backend;
  refusals: RefusalLimiter;
}

/** What whoever has a share link may ask, as far as a route is `shared`. */
const LINK_SCOPES: Principal['scopes'] = ['goals:read', 'stats:read'];

/** An authorised request: who, and about which site. */
export interface Authorised {
  principal: Principal;
  site: Site | undefined;
}

/** Throws `unauthorized` (no or unknown key), `forbidden` (scope or site), `unknown_site`, `rate_limited` (guessing). */
export async function authorize(
  gate: Gate,
  request: { route: Route; dialect: Dialect; asking: Asking; origin: Origin },
): Promise<Authorised> {
  const { route, origin } = request;
  if (route.scope === null) return { principal: STRANGER, site: findSite(gate, request, STRANGER) };
  const principal = origin.control ? CONTROL_PRINCIPAL : await identify(gate, request);
  if (!permits(principal.scopes, route.scope)) {
    throw new Problem('forbidden', `The key does not have the scope ${route.scope}.`);
  }
  if (principal.by_link && !route.shared)
    throw new Problem('forbidden', 'A share link shows statistics, nothing else.');
  const site = findSite(gate, request, principal);
  if (site !== undefined && principal.site_id !== null && principal.site_id !== site.id) {
    throw new Problem('forbidden', 'The key belongs to another site.');
  }
  return { principal, site };
}

async function identify(gate: Gate, request: { dialect: Dialect; asking: Asking; origin: Origin }): Promise<Principal> {
  const { address } = request.origin;
  const wait_s = gate.refusals.waitFor(address);
  if (wait_s > 0) {
    throw new Problem('rate_limited', 'Too many refused keys from this address.', { retry_after_s: wait_s });
  }
  const presented = request.dialect.credentials(request.asking);
  if (presented === undefined) {
    // Other products' APIs know keys only.
    const person = request.dialect.name === 'native' && (await principalOfPerson(gate.backend, request.asking));
    if (person) return person;
    throw new Problem('unauthorized', 'This route needs a key.');
  }
  const principal =
    (await principalOfKey(gate.backend, presented)) ??
    (request.dialect.name === 'native' ? await principalOfLink(gate.backend, presented) : undefined);
  if (principal !== undefined) return principal;
  gate.refusals.add(address);
  throw new Problem('unauthorized', 'The key is not known, revoked or expired.');
}

function findSite(
  gate: Gate,
  request: { route: Route; dialect: Dialect; asking: Asking },
  principal: Principal,
): Site | undefined {
  if (!request.route.site) return undefined;
  const ref = request.dialect.siteRef(request.asking, principal);
  const site = ref === undefined ? undefined : gate.backend.registry.find(ref)?.site;
  if (site === undefined) throw new Problem('unknown_site', 'There is no such site.');
  return site;
}

async function principalOfKey(backend: Backend, presented: string): Promise<Principal | undefined> {
  const key = await backend.keys.verify(presented);
  return key && { actor: `key:${key.id}`, site_id: key.site_id, scopes: key.scopes };
}

async function principalOfLink(backend: Backend, presented: string): Promise<Principal | undefined> {
  const link = await backend.shareLinks.find(presented);
  return link && { actor: `link:${link.id}`, site_id: link.site_id, scopes: LINK_SCOPES, by_link: true };
}
