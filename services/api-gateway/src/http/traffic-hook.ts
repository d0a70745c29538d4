import type { TrafficMeter } from '../actions/traffic-meter.ts';
import type { EdgeOptions } from './edge.ts';

/** Whoever watches the shop is not to see themselves. */
const forOperators: ReadonlySet<string> = new Set(['/api/v1/audit', '/api/v1/traffic']);

/** Counts what the gateway answers by itself, once it has been answered. */
export function createTrafficHook(meter: TrafficMeter): EdgeOptions['onOwn'] {
  return (reply, passage) => {
    if (forOperators.has(passage.path) || passage.route?.forOperators) return;
    const began = performance.now();
    reply.raw.once('close', () => {
      // Nobody was answered where the client has left.
      if (reply.raw.writableFinished) meter.record('api-gateway', reply.raw.statusCode, performance.now() - began);
    });
  };
}
