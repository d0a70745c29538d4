import { once } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { drainingOf, shedderOf } from './app.ts';
import { exemptFromInFlight } from './request-instrumentation.ts';

/** One server-sent event. */
export type ServerSentEvent = {
  /** What a client sends back as `Last-Event-ID` when it connects again. */
  id?: string;
  /** The event's type; `message` without one. */
  event?: string;
  /** Written as JSON. */
  data: unknown;
};

/** A stream of events to one client. */
export type EventStream = {
  /** The id of the last event that the client has seen, when it connects again. */
  readonly lastEventId: string | undefined;
  /** Aborted when the client has left, the service drains, or `close` was called: nothing is to be sent any more. */
  readonly closed: AbortSignal;
  /** Sends an event; waits while the client is slow. Resolves to false once the stream is closed. */
  send(event: ServerSentEvent): Promise<boolean>;
  /** Ends the stream. */
  close(): void;
};

/** Shorter than the idle timeouts of the usual proxies. */
const HEARTBEAT_MS = 15_000;

/** After how long a client should connect again, once the stream has ended. */
const RETRY_MS = 1000;

/**
 * Answers a request with server-sent events instead of a body. The stream ends by itself when the client leaves and when
 * the service drains; the client then connects again, elsewhere, with `Last-Event-ID`. While it is open it does not count
 * as a request in flight. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function openEventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  o: { heartbeatMs?: number } = {},
): EventStream {
  const { raw } = reply;
  const ended = new AbortController();
  const draining = drainingOf(request.server);
  reply.hijack();
  exemptFromInFlight(request, shedderOf(request.server));
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // Asks nginx and those who follow it not to hold events back.
    'x-accel-buffering': 'no',
    // The connection has served its purpose when the stream ends.
    connection: 'close',
  });
  if (request.method !== 'HEAD') raw.write(`retry: ${RETRY_MS}\n\n`);
  const heartbeat = setInterval(() => raw.write(':\n\n'), o.heartbeatMs ?? HEARTBEAT_MS);

  const close = (): void => {
    if (ended.signal.aborted) return;
    clearInterval(heartbeat);
    draining.removeEventListener('abort', close);
    ended.abort();
    raw.end();
  };
  raw.once('close', close);
  // A client that leaves while it is written to is no error of ours.
  raw.on('error', close);
  draining.addEventListener('abort', close);
  // The answer to HEAD is its head.
  if (draining.aborted || request.method === 'HEAD') close();

  const { 'last-event-id': lastEventId } = request.headers;
  return {
    lastEventId: typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId : undefined,
    closed: ended.signal,
    close,
    async send(event) {
      if (ended.signal.aborted) return false;
      if (!raw.write(format(event))) {
        // Rejects when the stream is closed first.
        await once(raw, 'drain', { signal: ended.signal }).catch(() => undefined);
      }
      return !ended.signal.aborted;
    },
  };
}

function format(event: ServerSentEvent): string {
  const lines = [];
  // A line break in one of these would begin another field.
  if (event.id !== undefined) lines.push(`id: ${event.id.replace(/[\r\n\0]/g, '')}`);
  if (event.event !== undefined) lines.push(`event: ${event.event.replace(/[\r\n]/g, '')}`);
  lines.push(`data: ${JSON.stringify(event.data)}`);
  return `${lines.join('\n')}\n\n`;
}
