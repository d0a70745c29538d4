import type { Pool } from '@tradepost/postgres/pool';
import type { App } from '@tradepost/runtime/app';
import { problemResponses, StringEnum } from '@tradepost/runtime/schema';
import { WindowQuery, windowSchema } from '@tradepost/runtime/time-window';
import { Type } from 'typebox';
import { readTraffic } from '../actions/read-traffic.ts';
import { serviceNames } from '../domain/traffic.ts';

const Count = Type.Integer({ minimum: 0 });
const Counts = (description: string) => Type.Array(Count, { description });
const Latency = Type.Union([Type.Number({ minimum: 0 }), Type.Null()]);
const Latencies = (share: string) =>
  Type.Array(Latency, {
    description: `Milliseconds until ${share} of the answers had begun; null where there was none`,
  });

const Traffic = Type.Object({
  ...windowSchema,
  instances: Type.Integer({ minimum: 0, description: 'Gateways with traffic in the last minute' }),
  services: Type.Array(
    Type.Object({
      service: StringEnum(serviceNames, { description: '`api-gateway`: responses of the gateway itself' }),
      requests: Counts('Requests by step'),
      refused: Counts('Of these, answered 4xx'),
      failed: Counts('Of these, answered 5xx or not at all'),
      p50: Latencies('half'),
      p95: Latencies('95 %'),
      p99: Latencies('99 %'),
      total: Type.Object({ requests: Count, refused: Count, failed: Count, p50: Latency, p95: Latency, p99: Latency }),
    }),
  ),
});

/** Lets admins see what passes. */
export function trafficRoutes(app: App, pool: Pool): void {
  app.get(
    '/api/v1/traffic',
    {
      config: { permission: 'operations:read' },
      schema: {
        operationId: 'getTraffic',
        summary: 'Traffic through all gateways: requests, refusals, failures and latencies, by service and step',
        description:
          'Requests of operators (`/api/v1/admin/…`, the audit trail, this one) are left out, and so is, from the latencies, ' +
          'whatever was asked to wait (`Prefer: wait`). It is some seconds behind, and kept for a day.',
        tags: ['operations'],
        querystring: WindowQuery,
        response: { 200: Traffic, ...problemResponses('forbidden') },
      },
    },
    async (request) => {
      const { window, ...rest } = await readTraffic(pool, request.query.minutes, new Date());
      return { from: window.from.toISOString(), stepSeconds: window.stepSeconds, ...rest };
    },
  );
}
