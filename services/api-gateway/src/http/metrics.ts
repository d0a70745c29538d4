import { Counter, Gauge, type Registry } from 'prom-client';
import type { EventStreams } from '../actions/event-streams.ts';
import { type CacheOutcome, cacheOutcomes, type ResponseCache } from '../actions/response-cache.ts';
import type { TokenCache } from '../actions/token-cache.ts';
import type { WriteBehind } from '../actions/write-behind.ts';
import type { AuditEntry } from '../domain/audit-entry.ts';
import { circuitState } from '../domain/circuit-breaker.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { ExchangeObserver } from '../upstream/upstream-exchange.ts';

export type GatewayMetrics = ExchangeObserver & {
  limited(policy: string): void;
  looked(outcome: string): void;
  auditDropped(count: number): void;
  pageHeadFailed(): void;
  cacheUsed(outcome: CacheOutcome): void;
  cacheEvicted(): void;
};

/** Registers what is counted at the edge, beyond what every service counts. */
export function createGatewayMetrics(registry: Registry): GatewayMetrics {
  const registers = [registry];
  const retries = new Counter({
    name: 'tradepost_gateway_retries_total',
    help: 'Retries of requests to services, by stage of the failure',
    labelNames: ['upstream', 'reason'],
    registers,
  });
  const failures = new Counter({
    name: 'tradepost_gateway_failures_total',
    help: 'Requests without a response from a service, by stage of the failure',
    labelNames: ['upstream', 'reason'],
    registers,
  });
  const limited = new Counter({
    name: 'tradepost_gateway_rate_limited_total',
    help: 'Requests refused by the rate limit',
    labelNames: ['policy'],
    registers,
  });
  const lookups = new Counter({
    name: 'tradepost_gateway_credential_lookups_total',
    help: 'Lookups in the token cache: hit, refused (negative entry) or miss',
    labelNames: ['outcome'],
    registers,
  });
  const dropped = new Counter({
    name: 'tradepost_gateway_audit_dropped_total',
    help: 'Audit entries lost because the database was unavailable for too long',
    registers,
  });
  const pageHeads = new Counter({
    name: 'tradepost_gateway_page_head_failures_total',
    help: 'Pages served with a plain head because theirs could not be built from the data',
    registers,
  });
  const cache = createCacheMetrics(registry);
  return {
    ...cache,
    retried: (upstream, reason) => retries.inc({ upstream: upstream.name, reason }),
    failed: (upstream, reason) => failures.inc({ upstream: upstream.name, reason }),
    limited: (policy) => limited.inc({ policy }),
    looked: (outcome) => lookups.inc({ outcome }),
    auditDropped: (count) => dropped.inc(count),
    pageHeadFailed: () => pageHeads.inc(),
  };
}

function createCacheMetrics(registry: Registry): Pick<GatewayMetrics, 'cacheUsed' | 'cacheEvicted'> {
  const registers = [registry];
  const requests = new Counter({
    name: 'tradepost_gateway_cache_requests_total',
    help: 'Reads of the catalogue by how the response cache answered them; see the README of api-gateway',
    labelNames: ['outcome'],
    registers,
  });
  const evictions = new Counter({
    name: 'tradepost_gateway_cache_evictions_total',
    help: 'Responses removed from the response cache because it was full',
    registers,
  });
  // One child for each outcome: to look it up takes longer than the rest of a hit.
  const children = new Map(cacheOutcomes.map((outcome) => [outcome, requests.labels(outcome)]));
  return {
    cacheUsed: (outcome) => children.get(outcome)?.inc(),
    cacheEvicted: () => evictions.inc(),
  };
}

/** Registers what is read when metrics are collected. */
export function registerGauges(
  registry: Registry,
  o: { upstreams: readonly Upstream[]; tokens: TokenCache; audit: WriteBehind<AuditEntry>; streams: EventStreams },
): void {
  const registers = [registry];
  new Gauge({
    name: 'tradepost_gateway_upstream_addresses',
    help: 'Addresses of the services, by state of their circuit breaker',
    labelNames: ['upstream', 'state'],
    registers,
    collect() {
      this.reset();
      const now = performance.now();
      for (const { name, addresses } of o.upstreams) {
        for (const { breaker } of addresses) this.inc({ upstream: name, state: circuitState(breaker, now) });
      }
    },
  });
  new Gauge({
    name: 'tradepost_gateway_access_tokens',
    help: 'Entries of the token cache',
    registers,
    collect() {
      this.set(o.tokens.size);
    },
  });
  new Gauge({
    name: 'tradepost_gateway_event_streams',
    help: 'Open event streams (server-sent events)',
    registers,
    collect() {
      this.set(o.streams.size);
    },
  });
  new Gauge({
    name: 'tradepost_gateway_audit_waiting',
    help: 'Buffered audit entries',
    registers,
    collect() {
      this.set(o.audit.waiting);
    },
  });
}

/** Registers how much the response cache holds. */
export function registerCacheGauges(registry: Registry, cache: ResponseCache): void {
  const registers = [registry];
  new Gauge({
    name: 'tradepost_gateway_cache_entries',
    help: 'Responses in the response cache',
    registers,
    collect() {
      this.set(cache.size);
    },
  });
  new Gauge({
    name: 'tradepost_gateway_cache_bytes',
    help: 'Memory that the response cache takes',
    registers,
    collect() {
      this.set(cache.bytes);
    },
  });
}
