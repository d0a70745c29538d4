import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Shedder } from './shedding.ts';

/** What is counted about requests. */
export type HttpMetrics = {
  /** A request that has been answered, or given up by its client. `route` is the pattern, never the path. */
  observe(o: { method: string; route: string; status: number; seconds: number }): void;
  shed(reason: string): void;
};

/** Registers the metrics of an HTTP server. Names follow Prometheus: base units, `_total` for counters. */
export function createHttpMetrics(registry: Registry, shedder: Shedder): HttpMetrics {
  const duration = new Histogram({
    name: 'tradepost_http_request_duration_seconds',
    help: 'Duration of requests, from arrival to the end of the response',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
    registers: [registry],
  });
  const shed = new Counter({
    name: 'tradepost_http_requests_shed_total',
    help: 'Requests refused by load shedding, by reason',
    labelNames: ['reason'],
    registers: [registry],
  });
  new Gauge({
    name: 'tradepost_http_requests_in_flight',
    help: 'Requests in flight, without long-lived streams',
    registers: [registry],
    collect() {
      this.set(shedder.inFlight());
    },
  });
  return {
    observe: ({ method, route, status, seconds }) =>
      duration.observe({ method, route, status: String(status) }, seconds),
    shed: (reason) => shed.inc({ reason }),
  };
}
