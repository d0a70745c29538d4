import type { TrafficSampler } from '../actions/traffic-sampler.ts';
import type { IngressOptions } from './ingress-hook.ts';

/** Whoever watches the shop is not to see themselves. */
const forOperators: ReadonlySet<string> = new Set(['/api/v1/audit', '/api/v1/traffic']);

/** Counts what the gateway answers by itself, once it has been answered. */
export function createTrafficHook(meter: TrafficSampler): IngressOptions['onOwn'] {
  return (reply, context) => {
    if (forOperators.has(context.path) || context.route?.forOperators) return;
    const began = performance.now();
    reply.raw.once('close', () => {
      // Nobody was answered where the client has left.
      if (reply.raw.writableFinished) meter.record('api-gateway', reply.raw.statusCode, performance.now() - began);
    });
  };
}
