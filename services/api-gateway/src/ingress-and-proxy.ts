import { type App, shedderOf } from '@tradepost/runtime/app';
import { exemptFromInFlight } from '@tradepost/runtime/request-instrumentation';
import type { ServiceContext } from '@tradepost/runtime/service';
import type { ApiReference } from './actions/api-reference.ts';
import { DelayedRejections } from './actions/delayed-rejections.ts';
import type { EventStreams } from './actions/event-streams.ts';
import { KeyedQueue } from './actions/keyed-queue.ts';
import { RateLimiter } from './actions/rate-limiter.ts';
import { ResponseCache } from './actions/response-cache.ts';
import type { TokenCache } from './actions/token-cache.ts';
import type { TrafficSampler } from './actions/traffic-sampler.ts';
import type { WriteBehind } from './actions/write-behind.ts';
import { originSet, readRate, type Settings } from './config.ts';
import type { AuditEntry } from './domain/audit-entry.ts';
import type { ExportRouteOptions } from './http/account-export.ts';
import { createAuditHook } from './http/audit-hook.ts';
import type { IngressOptions } from './http/ingress-hook.ts';
import { type GatewayMetrics, registerCacheGauges } from './http/metrics.ts';
import type { ProxyOptions } from './http/proxy.ts';
import { createTrafficHook } from './http/traffic-hook.ts';
import type { Upstreams } from './upstreams.ts';

/** Of one client and of one kind that wait for those before them. */
const EXPENSIVE_REQUESTS = { maxWaiting: 50, maxWaitMs: 60_000 };
const DELAYED_REFUSALS = { delayMs: 1_000, max: 1_000 };

export function ingressOptions(
  s: Settings,
  o: {
    app: App;
    tokens: TokenCache;
    audit: WriteBehind<AuditEntry>;
    metrics: GatewayMetrics;
    traffic: TrafficSampler;
  },
): IngressOptions {
  const limiter = (name: string, text: string) => {
    const policy = readRate(name, text);
    return policy && new RateLimiter(policy, s.RATE_LIMIT_ENTRIES);
  };
  const shedder = shedderOf(o.app);
  return {
    trustedHops: s.TRUSTED_PROXY_HOPS,
    https: s.PUBLIC_URL?.startsWith('https:') === true,
    cors: { trusted: originSet(s.TRUSTED_ORIGINS), open: originSet(s.CORS_ORIGINS) },
    limits: {
      address: limiter('address', s.RATE_LIMIT_ADDRESS),
      identity: limiter('identity', s.RATE_LIMIT_IDENTITY),
      signIn: limiter('sign-in', s.RATE_LIMIT_SIGN_IN),
    },
    tokens: o.tokens,
    onChange: createAuditHook(o.audit),
    refusals: new DelayedRejections(DELAYED_REFUSALS),
    onLimited: o.metrics.limited,
    onDelay: (request) => exemptFromInFlight(request, shedder),
    onOwn: createTrafficHook(o.traffic),
  };
}

/** The cache of anonymous reads; undefined where it is turned off. */
export function createResponseCache(
  { settings, metrics }: ServiceContext<Settings>,
  observer: GatewayMetrics,
): ResponseCache | undefined {
  const { RESPONSE_CACHE_ENTRIES: maxEntries, RESPONSE_CACHE_BYTES: maxBytes } = settings;
  if (maxBytes === 0) return undefined;
  const cache = new ResponseCache({ maxEntries, maxBytes, observer, clock: () => performance.now() });
  registerCacheGauges(metrics, cache);
  return cache;
}

/** What exports of all data of an account work with. */
export function exportOptions(
  { settings: s, pool }: ServiceContext<Settings>,
  o: { upstreams: Upstreams; metrics: GatewayMetrics; ingress: IngressOptions },
): ExportRouteOptions {
  const policy = readRate('export', s.RATE_LIMIT_EXPORT);
  return {
    ...{ db: pool, upstreams: Object.values(o.upstreams), observer: o.metrics, timeoutMs: s.UPSTREAM_TIMEOUT_MS },
    limiter: policy && new RateLimiter(policy, s.RATE_LIMIT_ENTRIES),
    limits: o.ingress,
    audit: o.ingress.onChange,
  };
}

export function proxyOptions(
  { settings: s, closing, draining }: ServiceContext<Settings>,
  o: {
    app: App;
    upstreams: Upstreams;
    tokens: TokenCache;
    metrics: GatewayMetrics;
    ingress: IngressOptions;
    traffic: TrafficSampler;
    reference: ApiReference;
    streams: EventStreams;
    cache: ResponseCache | undefined;
  },
): ProxyOptions {
  const shedder = shedderOf(o.app);
  return {
    upstreams: o.upstreams,
    observer: o.metrics,
    tokens: o.tokens,
    traffic: o.traffic,
    streams: o.streams,
    cache: o.cache,
    bodyLimit: s.BODY_LIMIT,
    queue: new KeyedQueue(EXPENSIVE_REQUESTS),
    bodyTimeoutMs: s.BODY_TIMEOUT_MS,
    operations: () => o.reference.operations(),
    timeouts: {
      answerMs: s.UPSTREAM_TIMEOUT_MS,
      waitMs: s.UPSTREAM_WAIT_TIMEOUT_MS,
      idleMs: s.UPSTREAM_IDLE_TIMEOUT_MS,
      stallMs: s.CLIENT_STALL_TIMEOUT_MS,
    },
    vary: o.ingress.cors.trusted.size + o.ingress.cors.open.size > 0 ? 'origin' : undefined,
    closing,
    draining,
    onStream: (request) => exemptFromInFlight(request, shedder),
  };
}
