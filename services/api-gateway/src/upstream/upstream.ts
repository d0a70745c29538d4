import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Pool } from 'undici';
import { type CircuitBreaker, circuitState, newCircuitBreaker } from '../domain/circuit-breaker.ts';
import { newRetryBudget, type RetryBudget } from '../domain/retry-budget.ts';
import type { UpstreamName } from '../domain/routing.ts';

/** One socket address of a service, with the connections to it. */
export type Address = {
  /** `http://10.0.0.7:8080` */
  readonly origin: string;
  /** What the service sees as `Host`. */
  readonly host: string;
  readonly pool: Pool;
  readonly breaker: CircuitBreaker;
  inFlight: number;
};

export type UpstreamOptions = {
  name: UpstreamName;
  /** Several instances, or names that resolve to several. */
  urls: readonly string[];
  connectTimeoutMs: number;
  /** Requests in flight to one address, beyond which it is full. */
  maxInFlight: number;
  /** Every address that a host name stands for. */
  resolve?: (hostname: string) => Promise<string[]>;
};

/** A service behind the gateway: the addresses it can be reached at now, and what it may cost to ask it again. */
export type Upstream = {
  readonly name: UpstreamName;
  readonly options: UpstreamOptions;
  readonly budget: RetryBudget;
  addresses: Address[];
  turn: number;
  /** Requests that wait for an address to be tried again. */
  paused: number;
};

export function createUpstream(options: UpstreamOptions): Upstream {
  return { name: options.name, options, budget: newRetryBudget(), addresses: [], turn: 0, paused: 0 };
}

/**
 * Brings the addresses up to date with what the host names stand for; a name that cannot be resolved now keeps
 * what it had. Returns the names that failed. An address that has gone finishes what it has in flight.
 */
export async function refreshAddresses(upstream: Upstream): Promise<string[]> {
  const failures: string[] = [];
  const wanted = new Map<string, { origin: string; host: string }>();
  for (const text of upstream.options.urls) {
    const url = new URL(text);
    const hostname = url.hostname.replace(/^\[|\]$/g, '');
    try {
      const found = isIP(hostname) ? [hostname] : await (upstream.options.resolve ?? resolveAll)(hostname);
      for (const ip of found) {
        const origin = `${url.protocol}//${ip.includes(':') ? `[${ip}]` : ip}${url.port ? `:${url.port}` : ''}`;
        wanted.set(origin, { origin, host: url.host });
      }
    } catch {
      failures.push(hostname);
      for (const known of upstream.addresses) if (known.host === url.host) wanted.set(known.origin, known);
    }
  }
  const kept = upstream.addresses.filter((address) => wanted.has(address.origin));
  for (const address of upstream.addresses) if (!kept.includes(address)) void address.pool.close();
  for (const address of kept) wanted.delete(address.origin);
  upstream.addresses = [...kept, ...[...wanted.values()].map((one) => openAddress(upstream.options, one))];
  return failures;
}

export async function closeUpstream(upstream: Upstream): Promise<void> {
  await Promise.all(upstream.addresses.map((address) => address.pool.destroy()));
}

/** Of a name with addresses of both families one family is enough: `localhost` is one service, not two. */
async function resolveAll(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true, order: 'ipv4first' });
  return found.filter((one) => one.family === found[0]?.family).map((one) => one.address);
}

function openAddress(options: UpstreamOptions, { origin, host }: { origin: string; host: string }): Address {
  const pool = new Pool(origin, {
    pipelining: 1,
    allowH2: false,
    connect: { timeout: options.connectTimeoutMs, servername: new URL(`http://${host}`).hostname },
  });
  return { origin, host, pool, breaker: newCircuitBreaker(), inFlight: 0 };
}

/**
 * Load balancing: the address for the next attempt is the least busy of those with a closed circuit, in turn when several are; a
 * draining one only when there is no other. An address whose circuit is half-open gets the next request that is `idempotent` as
 * its probe, since that one can be retried elsewhere. Undefined: there is none.
 */
export function chooseAddress(
  upstream: Upstream,
  { tried, idempotent, now }: { tried: readonly Address[]; idempotent: boolean; now: number },
): Address | undefined {
  const { addresses } = upstream;
  const count = addresses.length;
  if (count === 0) return undefined;
  upstream.turn = (upstream.turn + 1) % count;
  const noAlternative = !addresses.some((one) => !tried.includes(one) && circuitState(one.breaker, now) === 'closed');
  let best: Address | undefined;
  let bestRank = 0;
  for (let i = 0; i < count; i++) {
    const address = addresses[(upstream.turn + i) % count];
    // A lone address may stand for several instances: asking there again can reach another.
    if (address === undefined || (count > 1 && tried.includes(address))) continue;
    const rank = rankOf(address, { idempotent, now, noAlternative, full: upstream.options.maxInFlight });
    if (rank === UNUSABLE) continue;
    if (best === undefined || rank < bestRank || (rank === bestRank && address.inFlight < best.inFlight)) {
      best = address;
      bestRank = rank;
    }
  }
  if (best !== undefined && best.breaker.openUntil !== 0) best.breaker.probing = true;
  return best;
}

const UNUSABLE = 5;
/** Requests that may be sent beside a probe when there is no other address: a dead one must not delay many. */
const MAX_BESIDE_PROBE = 16;

function rankOf(
  address: Address,
  o: { idempotent: boolean; now: number; noAlternative: boolean; full: number },
): number {
  if (address.inFlight >= o.full) return UNUSABLE;
  switch (circuitState(address.breaker, o.now, o.noAlternative)) {
    case 'half-open':
      return o.idempotent ? 0 : 3;
    case 'closed':
      return 1;
    case 'avoided':
      return 2;
    default:
      return o.noAlternative && o.idempotent && address.breaker.probing && address.inFlight < MAX_BESIDE_PROBE
        ? 4
        : UNUSABLE;
  }
}

/** Is there an address that the request could be taken to instead? */
export function hasOther(upstream: Upstream, tried: readonly Address[], now: number): boolean {
  return upstream.addresses.some((one) => !tried.includes(one) && circuitState(one.breaker, now) === 'closed');
}

/** Why there was no address, and the whole seconds after which asking again makes sense. */
export function whyNone(upstream: Upstream, now: number): { full: boolean; retryAfter: number } {
  const { addresses, options } = upstream;
  const full = addresses.some(
    (one) => one.inFlight >= options.maxInFlight && circuitState(one.breaker, now) === 'closed',
  );
  const next = Math.min(...addresses.map((one) => one.breaker.openUntil));
  const wait = Number.isFinite(next) && next > now ? Math.ceil((next - now) / 1000) : 1;
  return { full, retryAfter: wait };
}
