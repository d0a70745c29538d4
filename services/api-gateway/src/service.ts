import { setTimeout as sleep } from 'node:timers/promises';
import { asyncApiDocument } from '@tradepost/messaging/asyncapi';
import type { App } from '@tradepost/runtime/app';
import { shedderOf } from '@tradepost/runtime/app';
import { exemptFromInFlight } from '@tradepost/runtime/request-instrumentation';
import { defineService, type ServiceContext, type ServiceParts } from '@tradepost/runtime/service';
import type { Task } from '@tradepost/runtime/tasks';
import { ApiReference, documentText } from './actions/api-reference.ts';
import { DelayedRefusals } from './actions/delayed-refusals.ts';
import { EventStreams } from './actions/event-streams.ts';
import { KeyedQueue } from './actions/keyed-queue.ts';
import { RateLimiter } from './actions/rate-limiter.ts';
import type { RevocationList, RevocationListOptions } from './actions/revocations.ts';
import { createShopPages } from './actions/shop-pages.ts';
import { createSitemap } from './actions/sitemap.ts';
import type { TokenCache } from './actions/token-cache.ts';
import type { TrafficSampler } from './actions/traffic-sampler.ts';
import type { WriteBehind } from './actions/write-behind.ts';
import { createAuditAndTraffic } from './audit-and-traffic.ts';
import { originSet, readRate, type Settings, settings } from './config.ts';
import type { AuditEntry } from './domain/audit-entry.ts';
import type { JsonObject } from './domain/openapi-merge.ts';
import type { UpstreamName } from './domain/routing.ts';
import { createAuditHook } from './http/audit-hook.ts';
import { auditRoutes } from './http/audit-routes.ts';
import type { IngressOptions } from './http/ingress-hook.ts';
import { createGatewayMetrics, type GatewayMetrics, registerGauges } from './http/metrics.ts';
import { pageRoutes, sendDocument } from './http/page-routes.ts';
import type { ProxyOptions } from './http/proxy.ts';
import { proxyRoutes } from './http/routes.ts';
import type { ShopOptions } from './http/shop-routes.ts';
import { createTrafficHook } from './http/traffic-hook.ts';
import { trafficRoutes } from './http/traffic-routes.ts';
import { readStaticSite } from './shop/static-site.ts';
import { loadApiDocuments, saveApiDocument } from './store/api-documents.ts';
import { createRevocationList, createTokens, createVerifier } from './tokens.ts';
import { fetchFromUpstream } from './upstream/fetch-from-upstream.ts';
import { closeUpstream, createUpstream, refreshAddresses, type Upstream } from './upstream/upstream.ts';

type Context = ServiceContext<Settings>;
type Upstreams = Readonly<Record<UpstreamName, Upstream>>;

/** How long the first look-up of host names may hold up the start. */
const FIRST_LOOKUP_MS = 2_000;
const REFERENCE_EVERY_MS = 60_000;
const PAGE_DATA_MS = 700;
const LARGEST_PAGE_DATA = 1024 * 1024;
const LARGEST_DOCUMENT = 8 * 1024 * 1024;
/** Of one client and of one kind that wait for those before them. */
const EXPENSIVE_REQUESTS = { maxWaiting: 50, maxWaitMs: 60_000 };
const DELAYED_REFUSALS = { delayMs: 1_000, max: 1_000 };

/** The ingress of the system, as a value; see the README beside it. */
export const apiGatewayService = defineService({
  name: 'api-gateway',
  settings,
  migrations: new URL('../migrations/', import.meta.url),
  // Orders go through here: what of them needs this database or the broker can wait.
  database: 'optional',
  create,
});

async function create(ctx: Context): Promise<ServiceParts> {
  const metrics = createGatewayMetrics(ctx.metrics);
  const upstreams = createUpstreams(ctx.settings);
  const lookup = () => lookUpAddresses(ctx, upstreams);
  await Promise.race([lookup(), sleep(FIRST_LOOKUP_MS, undefined, { ref: false })]);
  const verifier = createVerifier(ctx, upstreams.auth, metrics);
  const tokens = createTokens(ctx, { auth: upstreams.auth, verifier, metrics });
  const { MAX_EVENT_STREAMS: max, MAX_EVENT_STREAMS_PER_ACCOUNT: perOwner } = ctx.settings;
  const streams = new EventStreams({ perOwner, max });
  const revoke: RevocationListOptions['revoke'] = (one) => {
    tokens.sessionRevoked(one.sessionId, one.accountId, one.revokedAt);
    streams.sessionRevoked(one.sessionId);
  };
  const revocations = createRevocationList(upstreams.auth, metrics, revoke);
  const records = createAuditAndTraffic(ctx, metrics);
  const { audit, traffic } = records;
  registerGauges(ctx.metrics, { upstreams: Object.values(upstreams), tokens, audit, streams });
  let own: () => JsonObject = () => ({});
  const reference = createReference(ctx, { upstreams, metrics, own: () => own() });
  const shop = await createShop(ctx, upstreams.product, metrics);
  return {
    async http(app) {
      own = () => JSON.parse(JSON.stringify(app.swagger()));
      const ingress = ingressOptions(ctx.settings, { app, tokens, audit, metrics, traffic });
      proxyRoutes(app, {
        ingress,
        proxy: proxyOptions(ctx, { app, upstreams, tokens, metrics, ingress, traffic, reference, streams }),
      });
      auditRoutes(app, ctx.pool);
      trafficRoutes(app, ctx.pool);
      const { PUBLIC_URL: publicUrl, MEDIA_DIR: mediaDir } = ctx.settings;
      await pageRoutes(app, { asyncapi: documentText(asyncApiDocument({ version: '1' })), publicUrl, shop, mediaDir });
    },
    openapi: (_request, reply) => sendDocument(reply, reference.text()),
    verifier,
    broadcast: broadcastParts({ tokens, streams, revocations, shop, revoke }),
    tasks: [
      { name: 'addresses', everyMs: 5_000, run: lookup },
      ...records.tasks,
      referenceTask(reference),
      { name: 'revocations', everyMs: 1_000, run: () => revocations.refresh(performance.now()) },
    ],
    async stop() {
      await records.stop();
      await Promise.all(Object.values(upstreams).map(closeUpstream));
    },
  };
}

/** The events that end cached tokens and open streams, and what is dropped when some of them may have been missed. */
function broadcastParts(o: {
  tokens: TokenCache;
  streams: EventStreams;
  revocations: RevocationList;
  shop: ShopOptions | undefined;
  revoke: RevocationListOptions['revoke'];
}): NonNullable<ServiceParts['broadcast']> {
  const { tokens, streams } = o;
  return {
    handlers: {
      'session.revoked.v1': ({ data, time }) => o.revoke({ ...data, revokedAt: Date.parse(time) }),
      'account.changed.v1': ({ data }) => {
        tokens.accountChanged(data.accountId);
        streams.accountChanged(data.accountId);
      },
      'account.status-changed.v1': () => o.shop?.sitemap.catalogueChanges(),
    },
    onGap: () => {
      tokens.invalidateAll();
      o.revocations.expire();
    },
  };
}

/** The web shop; undefined where there is none to serve. */
async function createShop(
  { settings: s, log }: Context,
  product: Upstream,
  observer: GatewayMetrics,
): Promise<ShopOptions | undefined> {
  if (s.WEB_DIR === undefined) return undefined;
  const shop = await readStaticSite(s.WEB_DIR);
  const origin = s.PUBLIC_URL === undefined ? undefined : new URL(s.PUBLIC_URL).origin;
  const askCatalogue = async (path: string) => {
    // A page that is late is worse than one that has to ask for itself.
    const question = { path, headers: [], timeoutMs: PAGE_DATA_MS, maxBytes: LARGEST_PAGE_DATA };
    const answer = await fetchFromUpstream(product, question, observer).catch(() => undefined);
    return answer && { status: answer.status, body: answer.body.toString() };
  };
  const onHeadFailure = (err: unknown, path: string) => {
    observer.pageHeadFailed();
    log.error({ err, path }, 'the head of a page could not be built; the page is served with a plain one');
  };
  const pages = createShopPages(shop, { origin, ask: askCatalogue, onHeadFailure });
  const pictures = originSet(s.PICTURE_ORIGINS);
  return { shop, pages, origin, pictures, sitemap: createSitemap(askCatalogue, Date.now) };
}

function createUpstreams(s: Settings): Upstreams {
  const common = { connectTimeoutMs: s.CONNECT_TIMEOUT_MS, maxInFlight: s.UPSTREAM_MAX_IN_FLIGHT };
  return {
    auth: createUpstream({ name: 'auth', urls: s.AUTH_URL, ...common }),
    product: createUpstream({ name: 'product', urls: s.PRODUCT_URL, ...common }),
    order: createUpstream({ name: 'order', urls: s.ORDER_URL, ...common }),
  };
}

async function lookUpAddresses({ log }: Context, upstreams: Upstreams): Promise<void> {
  for (const upstream of Object.values(upstreams)) {
    const failures = await refreshAddresses(upstream);
    if (failures.length > 0) log.warn({ upstream: upstream.name, hosts: failures }, 'host names cannot be resolved');
  }
}

function createReference(
  { pool, log, settings: s }: Context,
  o: { upstreams: Upstreams; metrics: GatewayMetrics; own: () => JsonObject },
): ApiReference {
  return new ApiReference({
    publicUrl: s.PUBLIC_URL ?? '/',
    services: ['auth', 'product', 'order'],
    fetch: async (service) => {
      const question = { path: '/openapi.json', headers: [], timeoutMs: 5_000, maxBytes: LARGEST_DOCUMENT };
      const { status, body } = await fetchFromUpstream(o.upstreams[service], question, o.metrics);
      if (status !== 200) throw new Error(`${service} answered ${status} instead of its OpenAPI document`);
      return body.toString();
    },
    own: o.own,
    load: () => loadApiDocuments(pool),
    save: (document) => saveApiDocument(pool, document),
    onProblem: (err, service) => log.debug({ err, service }, 'the API reference could not be updated'),
  });
}

function ingressOptions(
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
    refusals: new DelayedRefusals(DELAYED_REFUSALS),
    onLimited: o.metrics.limited,
    onDelay: (request) => exemptFromInFlight(request, shedder),
    onOwn: createTrafficHook(o.traffic),
  };
}

function proxyOptions(
  { settings: s, closing, draining }: Context,
  o: {
    app: App;
    upstreams: Upstreams;
    tokens: TokenCache;
    metrics: GatewayMetrics;
    ingress: IngressOptions;
    traffic: TrafficSampler;
    reference: ApiReference;
    streams: EventStreams;
  },
): ProxyOptions {
  const shedder = shedderOf(o.app);
  return {
    upstreams: o.upstreams,
    observer: o.metrics,
    tokens: o.tokens,
    traffic: o.traffic,
    streams: o.streams,
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

/** Soon again while a service has not been heard of yet, then now and then. */
function referenceTask(reference: ApiReference): Task {
  let askedAt = Number.NEGATIVE_INFINITY;
  return {
    name: 'api-reference',
    everyMs: 1_000,
    async run() {
      if (reference.complete && performance.now() - askedAt < REFERENCE_EVERY_MS) return;
      askedAt = performance.now();
      await reference.refresh();
    },
  };
}
