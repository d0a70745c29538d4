import { setTimeout as sleep } from 'node:timers/promises';
import { asyncApiDocument } from '@tradepost/messaging/asyncapi';
import type { App } from '@tradepost/runtime/app';
import { defineService, type ServiceContext, type ServiceParts } from '@tradepost/runtime/service';
import { documentText } from './actions/api-reference.ts';
import { EventStreams } from './actions/event-streams.ts';
import type { RevocationList, RevocationListOptions } from './actions/revocations.ts';
import type { TokenCache } from './actions/token-cache.ts';
import { createReference, referenceTask } from './api-reference.ts';
import { type AuditAndTraffic, createAuditAndTraffic } from './audit-and-traffic.ts';
import { type Settings, settings } from './config.ts';
import type { JsonObject } from './domain/openapi-merge.ts';
import { createErasures } from './erasures.ts';
import { accountExportRoutes, type ExportRouteOptions } from './http/account-export.ts';
import { auditRoutes } from './http/audit-routes.ts';
import { createGatewayMetrics, registerGauges } from './http/metrics.ts';
import { pageRoutes, sendDocument } from './http/page-routes.ts';
import { proxyRoutes } from './http/routes.ts';
import type { ShopOptions } from './http/shop-routes.ts';
import { trafficRoutes } from './http/traffic-routes.ts';
import { createResponseCache, exportOptions, ingressOptions, proxyOptions } from './ingress-and-proxy.ts';
import { createRevocationList, createTokens, createVerifier } from './tokens.ts';
import { closeUpstream } from './upstream/upstream.ts';
import { createUpstreams, lookUpAddresses, type Upstreams } from './upstreams.ts';
import { createShop } from './web-shop.ts';

type Context = ServiceContext<Settings>;

/** How long the first look-up of host names may hold up the start. */
const FIRST_LOOKUP_MS = 2_000;

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
  const streams = createEventStreams(ctx);
  const revoke: RevocationListOptions['revoke'] = (one) => {
    tokens.sessionRevoked(one.sessionId, one.accountId, one.revokedAt);
    streams.sessionRevoked(one.sessionId);
  };
  const revocations = createRevocationList(upstreams.auth, metrics, revoke);
  const records = createAuditAndTraffic(ctx, metrics);
  const { audit, traffic } = records;
  registerGauges(ctx.metrics, { upstreams: Object.values(upstreams), tokens, audit, streams });
  const cache = createResponseCache(ctx, metrics);
  const erasures = createErasures(ctx);
  let own: () => JsonObject = () => ({});
  const reference = createReference(ctx, { upstreams, metrics, own: () => own() });
  const shop = await createShop(ctx, { product: upstreams.product, cache, observer: metrics });
  return {
    async http(app) {
      own = () => JSON.parse(JSON.stringify(app.swagger()));
      const ingress = ingressOptions(ctx.settings, { app, tokens, audit, metrics, traffic });
      proxyRoutes(app, {
        ingress,
        proxy: proxyOptions(ctx, { app, upstreams, tokens, metrics, ingress, traffic, reference, streams, cache }),
      });
      ownRoutes(app, ctx, exportOptions(ctx, { upstreams, metrics, ingress }));
      await pageRoutes(app, { ...pageSettings(ctx), shop });
    },
    openapi: (_request, reply) => sendDocument(reply, reference.text()),
    verifier,
    handlers: erasures.handlers,
    broadcast: broadcastParts({ tokens, streams, revocations, shop, revoke }),
    tasks: [
      { name: 'addresses', everyMs: 5_000, run: lookup },
      ...records.tasks,
      erasures.task,
      referenceTask(reference),
      { name: 'response-cache', everyMs: 10_000, run: async () => cache?.prune() },
      { name: 'revocations', everyMs: 1_000, run: () => revocations.refresh(performance.now()) },
    ],
    stop: () => stopAll(records, upstreams),
  };
}

function pageSettings({ settings }: Context) {
  const asyncapi = documentText(asyncApiDocument({ version: '1' }));
  return { asyncapi, publicUrl: settings.PUBLIC_URL, mediaDir: settings.MEDIA_DIR };
}

async function stopAll(records: AuditAndTraffic, upstreams: Upstreams): Promise<void> {
  await records.stop();
  await Promise.all(Object.values(upstreams).map(closeUpstream));
}

function createEventStreams({ settings }: Context): EventStreams {
  return new EventStreams({ perOwner: settings.MAX_EVENT_STREAMS_PER_ACCOUNT, max: settings.MAX_EVENT_STREAMS });
}

/** What the gateway answers itself. */
function ownRoutes(app: App, { pool }: Context, exporting: ExportRouteOptions): void {
  auditRoutes(app, pool);
  trafficRoutes(app, pool);
  accountExportRoutes(app, exporting);
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
      'account.status-changed.v1': ({ data, time }) => {
        tokens.rightsChanged(data.accountId, Date.parse(time));
        o.shop?.sitemap.catalogueChanges();
      },
    },
    onGap: () => {
      tokens.invalidateAll();
      streams.anyAccountChanged();
      o.revocations.expire();
    },
  };
}
