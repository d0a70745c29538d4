import { Id, Time } from '@tradepost/contracts/shapes';
import { countDeadLetters, measureOutbox, messageStates } from '@tradepost/messaging/backlog';
import type { Transport } from '@tradepost/messaging/transport';
import type { Pool } from '@tradepost/postgres/pool';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Type } from 'typebox';
import type { App } from './app.ts';
import type { RouteAuth } from './identity.ts';
import { problemResponses, StringEnum } from './schema.ts';

const Count = Type.Integer({ minimum: 0 });

const Messaging = Type.Object({
  transport: StringEnum(['rabbitmq', 'memory']),
  connected: Type.Boolean({ description: 'Whether the service can publish and consume' }),
  hears: Type.Array(Type.String(), { description: 'The types of events that this service handles' }),
  outbox: Type.Object({
    events: Type.Integer({ minimum: 0, description: 'Events to publish; at most 10,000 are counted' }),
    oldestSeconds: Type.Number({ minimum: 0, description: 'Age of the oldest one' }),
  }),
  queue: Type.Union(
    [
      Type.Object({
        waiting: Count,
        consumers: Type.Integer({ minimum: 0, description: 'Instances that consume from it' }),
      }),
      Type.Null(),
    ],
    { description: 'Messages in the queue of this service; null without a queue, or when the broker does not respond' },
  ),
  deadLetters: Type.Integer({ minimum: 0, description: 'Dead letters; at most 10,000 are counted' }),
});

const MessageQuery = Type.Object(
  {
    id: Type.String({
      pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(,[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){0,99}$',
      description: 'Up to 100 ids of events, separated by commas',
    }),
  },
  { additionalProperties: false },
);

const Messages = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Id,
      state: StringEnum(['unpublished', 'handled', 'parked'], {
        description:
          '`unpublished`: in the outbox of this service. `handled`: handled by it. `parked`: a dead letter of it',
      }),
      at: Type.Unsafe<string>({ ...Time, description: 'Since when' }),
    }),
  ),
});

export type MessagingOptions = {
  service: string;
  pool: Pool;
  transport: Transport;
  log: Logger;
  /** By the access token, unless said otherwise. */
  guard?: OperatorGuard | undefined;
};

/** How a route recognises operators: the permission that it needs, or, without one, the check that refuses all others. */
export type OperatorGuard = {
  auth: RouteAuth;
  /** As OpenAPI describes it, where that does not follow from `auth`. */
  security?: Record<string, string[]>[];
  check?(request: FastifyRequest): Promise<void>;
};

/** Routes for operators to see how messages flow through a service, and where single ones are. */
export function messagingRoutes(app: App, o: MessagingOptions): void {
  const base = `/api/v1/admin/${o.service}`;
  const { guard = { auth: 'required' } } = o;
  const name = o.service.charAt(0).toUpperCase() + o.service.slice(1);
  const config = { auth: guard.auth, permission: 'operations:read' };
  const common = { tags: ['operations'], ...(guard.security && { security: guard.security }) };

  app.get(
    `${base}/messaging`,
    {
      config,
      schema: {
        operationId: `get${name}Messaging`,
        summary: `Backlog of ${o.service}: events to publish, messages in its queue, dead letters`,
        ...common,
        response: { 200: Messaging, ...problemResponses('unauthenticated', 'forbidden') },
      },
    },
    async (request) => {
      await guard.check?.(request);
      const [outbox, deadLetters, queue] = await Promise.all([
        measureOutbox(o.pool),
        countDeadLetters(o.pool),
        depthOf(o),
      ]);
      const { kind, topology } = o.transport;
      const hears = [...(topology[o.service]?.queue ?? [])];
      return { transport: kind, connected: o.transport.ready(), hears, outbox, queue, deadLetters };
    },
  );

  app.get(
    `${base}/messages`,
    {
      config,
      schema: {
        operationId: `list${name}MessageStates`,
        summary: `State of messages at ${o.service}; unknown ids are left out`,
        description: 'Handled messages are known for 30 days.',
        ...common,
        querystring: MessageQuery,
        response: { 200: Messages, ...problemResponses('unauthenticated', 'forbidden') },
      },
    },
    async (request) => {
      await guard.check?.(request);
      return { items: await messageStates(o.pool, request.query.id.split(',')) };
    },
  );
}

/** When the broker is unavailable, the rest of the response is still useful to an operator. */
async function depthOf({ transport, service, log }: MessagingOptions) {
  try {
    return (await transport.depth(service)) ?? null;
  } catch (err) {
    log.debug({ err }, 'the depth of the queue could not be read');
    return null;
  }
}
