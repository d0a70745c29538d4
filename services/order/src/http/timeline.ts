import type { App } from '@tradepost/runtime/app';
import { requireIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { type EventStream, openEventStream } from '@tradepost/runtime/sse';
import { Type } from 'typebox';
import type { Actor } from '../actions/access.ts';
import type { Context } from '../actions/context.ts';
import { readTimeline } from '../actions/read-orders.ts';
import * as schemas from './schemas.ts';
import { timelineView } from './view.ts';

/** What happened to an order: as a list, or live. */
export function timelineRoutes(app: App, ctx: Context): void {
  app.get(
    '/api/v1/orders/:id/events',
    {
      schema: {
        operationId: 'getOrderEvents',
        summary: 'The timeline of an order',
        description:
          'As JSON, or live as server-sent events with `Accept: text/event-stream`: what has happened first, then what ' +
          'happens. The id of an event is the order’s version; the stream goes on after `Last-Event-ID`. ' +
          'A seller is told of their own lines: entries about other sellers’ lines are left out, or are without `data` where they ' +
          'change the status of the order.',
        tags: ['orders'],
        params: schemas.ById,
        response: { 200: Type.Object({ items: Type.Array(schemas.TimelineEntry) }), ...problemResponses('not_found') },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const actor = requireIdentity(request);
      const timeline = await readTimeline(ctx.pool, actor, id, 0);
      if (!request.headers.accept?.includes('text/event-stream')) return { items: timeline.map(timelineView) };
      const stream = openEventStream(request, reply);
      await follow(ctx, actor, id, stream);
      return reply;
    },
  );
}

/** Sends what has happened and what happens, until nothing can any more or the client leaves. */
async function follow(ctx: Context, actor: Actor, id: string, stream: EventStream): Promise<void> {
  let version = Number(stream.lastEventId) || 0;
  try {
    while (!stream.closed.aborted) {
      for (const entry of await readTimeline(ctx.pool, actor, id, version)) {
        version = entry.version;
        await stream.send({ id: String(version), event: entry.type, data: timelineView(entry) });
        if (isFinal(entry.status)) return;
      }
      await ctx.watch.next(id, version, stream.closed);
    }
  } finally {
    // The client connects again by itself if this was an error, and goes on after the last event it saw.
    stream.close();
  }
}

const isFinal = (status: string): boolean => ['rejected', 'cancelled', 'refunded'].includes(status);
