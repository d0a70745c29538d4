import type { ServiceContext } from '@tradepost/runtime/service';
import type { Task } from '@tradepost/runtime/tasks';
import { ApiReference } from './actions/api-reference.ts';
import type { Settings } from './config.ts';
import type { JsonObject } from './domain/openapi-merge.ts';
import { upstreamNames } from './domain/routing.ts';
import type { GatewayMetrics } from './http/metrics.ts';
import { loadApiDocuments, saveApiDocument } from './store/api-documents.ts';
import { fetchFromUpstream } from './upstream/fetch-from-upstream.ts';
import type { Upstreams } from './upstreams.ts';

const REFERENCE_EVERY_MS = 60_000;
const LARGEST_DOCUMENT = 8 * 1024 * 1024;

export function createReference(
  { pool, log, settings: s }: ServiceContext<Settings>,
  o: { upstreams: Upstreams; metrics: GatewayMetrics; own: () => JsonObject },
): ApiReference {
  return new ApiReference({
    publicUrl: s.PUBLIC_URL ?? '/',
    services: upstreamNames,
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

/** Often while the document of a service is missing, then now and then. */
export function referenceTask(reference: ApiReference): Task {
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
