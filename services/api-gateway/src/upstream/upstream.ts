import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Pool } from 'undici';
import { type CircuitBreaker, newCircuitBreaker } from '../domain/circuit-breaker.ts';
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
