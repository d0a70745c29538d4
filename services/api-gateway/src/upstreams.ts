import type { ServiceContext } from '@tradepost/runtime/service';
import type { Settings } from './config.ts';
import type { UpstreamName } from './domain/routing.ts';
import { createUpstream, refreshAddresses, type Upstream } from './upstream/upstream.ts';

export type Upstreams = Readonly<Record<UpstreamName, Upstream>>;

export function createUpstreams(s: Settings): Upstreams {
  const common = { connectTimeoutMs: s.CONNECT_TIMEOUT_MS, maxInFlight: s.UPSTREAM_MAX_IN_FLIGHT };
  return {
    auth: createUpstream({ name: 'auth', urls: s.AUTH_URL, ...common }),
    product: createUpstream({ name: 'product', urls: s.PRODUCT_URL, ...common }),
    order: createUpstream({ name: 'order', urls: s.ORDER_URL, ...common }),
    notification: createUpstream({ name: 'notification', urls: s.NOTIFICATION_URL, ...common }),
  };
}

export async function lookUpAddresses({ log }: ServiceContext<Settings>, upstreams: Upstreams): Promise<void> {
  for (const upstream of Object.values(upstreams)) {
    const failures = await refreshAddresses(upstream);
    if (failures.length > 0) log.warn({ upstream: upstream.name, hosts: failures }, 'host names cannot be resolved');
  }
}
