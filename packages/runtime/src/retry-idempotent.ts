import { type Idempotency, isIdempotent } from '@tradepost/contracts/idempotency';
import { isConnectionLost } from '@tradepost/postgres/pool';
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { Logger } from 'pino';

/** A database that loses its connections again and again is unavailable, whatever else it says. */
const MAX_ATTEMPTS = 3;

/**
 * Wraps a handler: runs it again when the connection to the database was lost and the request is idempotent, as its route
 * declares. A restart or a failover of the database then costs a client some milliseconds and not an error. It holds also
 * when only the answer to a commit was lost.
 */
export function retryIdempotent(
  handler: RouteHandlerMethod,
  idempotency: Idempotency,
  log: Logger,
): RouteHandlerMethod {
  if (idempotency === 'never') return handler;
  return function run(request, reply) {
    const attempt = (n: number): unknown => {
      const result: unknown = handler.call(this, request, reply);
      // Many handlers answer without waiting for anything.
      if (!(result instanceof Promise)) return result;
      return result.catch((err: unknown) => {
        if (n >= MAX_ATTEMPTS || !isConnectionLost(err) || !mayRunAgain(request, reply, idempotency)) throw err;
        log.info(
          { requestId: request.id, attempt: n },
          'the connection to the database was lost; running the request again',
        );
        return attempt(n + 1);
      });
    };
    return attempt(1);
  };
}

function mayRunAgain({ headers, body }: FastifyRequest, reply: FastifyReply, idempotency: Idempotency): boolean {
  if (reply.sent || reply.raw.headersSent) return false;
  // A streamed body can be read once.
  if (typeof body === 'object' && body !== null && 'pipe' in body) return false;
  const key = headers['idempotency-key'];
  return isIdempotent(idempotency, typeof key === 'string' ? key : undefined);
}
