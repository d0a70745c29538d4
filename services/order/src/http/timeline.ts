import type { App } from '@tradepost/runtime/app';
import { optionalIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { type EventStream, openEventStream } from '@tradepost/runtime/sse';
import { Type } from 'typebox';
import type { Actor } from '../actions/access.ts';
import type { Context } from '../actions/context.ts';
import { actorFor } from '../actions/guests.ts';
import { readProgress, readTimeline } from '../actions/read-orders.ts';
import { isFinal } from '../domain/transition.ts';
import * as requests from './request-schemas.ts';
import * as responses from './response-schemas.ts';
import { timelineView } from './serializers.ts';

/** What happened to an order: as a list, or live. */
export function timelineRoutes(app: App, ctx: Context): void {
  app.get(
    '/api/v1/orders/:id/events',
    {
      config: { operatorPermission: 'orders:read', auth: 'optional' },
      schema: {
        operationId: 'getOrderEvents',
        summary: 'The timeline of an order',
        description:
          'As JSON, or live as server-sent events with `Accept: text/event-stream`: what has happened first, then what ' +
          'happens. The id of an event is the order’s version; the stream goes on after `Last-Event-ID`. ' +
          'It ends when nothing more can happen to the order: it was rejected or cancelled, or it was refunded, no money is ' +
          'left, and no goods can come back. Connecting again after that is answered 204. ' +
          'A seller sees their own lines: entries about other sellers’ lines are left out, or are without `data` where they ' +
          'change the status of the order.',
        tags: ['orders'],
        params: requests.ById,
        querystring: requests.WithToken,
        response: {
          200: Type.Object({ items: Type.Array(responses.TimelineEntry) }),
          204: Type.Null({ description: 'The order has ended, and its last event was received' }),
          ...problemResponses('not_found', 'rate_limited'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const actor = await actorFor(ctx, optionalIdentity(request), { id, token: request.query.token });
      if (!request.headers.accept?.includes('text/event-stream')) {
        return { items: (await readTimeline(ctx.pool, actor, id, 0)).map(timelineView) };
      }
      const received = lastVersion(request.headers['last-event-id']);
      const order = await readProgress(ctx.pool, actor, id);
      // An EventSource connects again whenever a stream ends; 204 is what stops it.
      if (isFinal(order) && (await readTimeline(ctx.pool, actor, id, received)).length === 0) {
        return reply.code(204).send(null);
      }
      await follow(ctx, { actor, id, received }, openEventStream(request, reply));
      return reply;
    },
  );
}

/** The version that a client has received, from its `Last-Event-ID`; 0 for none. */
function lastVersion(header: string | string[] | undefined): number {
  const version = Number(header);
  return Number.isSafeInteger(version) && version > 0 ? version : 0;
}

/** Sends what has happened and what happens, until nothing can any more or the client leaves. */
async function follow(
  ctx: Context,
  { actor, id, received }: { actor: Actor; id: string; received: number },
  stream: EventStream,
): Promise<void> {
  let sent = received;
  try {
    while (!stream.closed.aborted) {
      // Read before its timeline, so that nothing happens between the two that is not waited for.
      const order = await readProgress(ctx.pool, actor, id);
      for (const entry of await readTimeline(ctx.pool, actor, id, sent)) {
        sent = entry.version;
        await stream.send({ id: String(sent), event: entry.type, data: timelineView(entry) });
      }
      if (isFinal(order)) return;
      await ctx.orderChanges.next(id, order.version, stream.closed);
    }
  } finally {
    // The client connects again by itself if this was an error, and goes on after the last event it saw.
    stream.close();
  }
}
