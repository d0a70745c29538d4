import type { FastifyReply } from 'fastify';
import type { EventStreams, OpenStream } from '../actions/event-streams.ts';
import type { UpstreamExchange } from '../upstream/upstream-exchange.ts';
import { clientKey, type GatewayContext } from './gateway-context.ts';

/** No access token lives longer. */
const LONGEST_STREAM_MS = 3_600_000;

/** Takes a place for a stream of events; it is free again when the answer is over, whether or not that became a stream. */
export function openStream(reply: FastifyReply, context: GatewayContext, streams: EventStreams): OpenStream {
  const { accountId, sessionId } = context.caller ?? {};
  const stream = streams.open({ key: clientKey(context), accountId, sessionId });
  reply.raw.once('close', () => stream.close());
  return stream;
}

/**
 * A stream of events ends when the client leaves, when the gateway drains, when its session or account ends, and when its access
 * token expires. A client that is still allowed connects again by itself and goes on after the last event that it saw.
 */
export function watchStream(
  reply: FastifyReply,
  exchange: UpstreamExchange,
  { draining, context, stream }: { draining: AbortSignal; context: GatewayContext; stream: OpenStream | undefined },
): void {
  exchange.exemptFromInFlight();
  const { raw: response } = reply;
  const end = () => {
    response.end();
    exchange.abort();
  };
  // Not before the head has been written.
  const endSoon = () => setImmediate(end);
  if (draining.aborted) endSoon();
  draining.addEventListener('abort', end, { once: true });
  stream?.begin(endSoon);
  const { known } = context;
  const expiry = known && setTimeout(end, Math.max(0, Math.min(known.expiresAt - Date.now(), LONGEST_STREAM_MS)));
  response.once('close', () => {
    clearTimeout(expiry);
    draining.removeEventListener('abort', end);
  });
}
