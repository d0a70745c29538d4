import { isRepeatable } from '@tradepost/contracts/repeatable';
import { isConnectionLost } from '@tradepost/postgres/pool';
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { Logger } from 'pino';
import { pathOf } from './http-lifecycle.ts';

/** A database that loses its connections again and again is away, whatever else it says. */
const MAX_ATTEMPTS = 3;

/**
 * A handler that is run again when the connection to the database breaks under it, where that does no harm: a restart, a
 * failover or a cut costs a shopper a few milliseconds and not an error. What is asked for twice takes effect once (see
 * `isRepeatable`), even when it was only the answer to a commit that was lost.
 */
export function repeating(handler: RouteHandlerMethod, log: Logger): RouteHandlerMethod {
  return function run(request, reply) {
    const attempt = (n: number): unknown => {
      const result: unknown = handler.call(this, request, reply);
      // Much is answered without waiting for anything.
      if (!(result instanceof Promise)) return result;
      return result.catch((err: unknown) => {
        if (n >= MAX_ATTEMPTS || !isConnectionLost(err) || !mayRepeat(request, reply)) throw err;
        log.info(
          { requestId: request.id, attempt: n },
          'the connection to the database was lost; doing a request again',
        );
        return attempt(n + 1);
      });
    };
    return attempt(1);
  };
}

function mayRepeat({ method, url, headers, body }: FastifyRequest, reply: FastifyReply): boolean {
  if (reply.sent || reply.raw.headersSent) return false;
  // A body that is read as it comes can be read once.
  if (typeof body === 'object' && body !== null && 'pipe' in body) return false;
  const key = headers['idempotency-key'];
  return isRepeatable(method, pathOf(url), typeof key === 'string' ? key : undefined);
}
