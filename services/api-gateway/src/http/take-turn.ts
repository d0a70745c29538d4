import { AsyncResource } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ClientTurns } from '../actions/client-turns.ts';
import { tokensOfBody } from '../domain/rate-limit.ts';

/** How long the next request of a client waits for the rest of a body that was refused. */
const LONGEST_DISCARD_MS = 1_000;

/** Whether a request has a body that counts as more than one request; one of unknown length may be such. */
export function hasLargeBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || tokensOfBody(Number(headers['content-length'] ?? 0)) > 0;
}

/** Calls `begin` when the large bodies that `client` sent before have been answered; `refuse` where too many wait already. */
export function takeTurn(
  { raw: request }: FastifyRequest,
  { raw: response }: FastifyReply,
  o: { turns: ClientTurns; client: string; begin: () => void; refuse: (problem: ProblemError) => void },
): void {
  const turn = o.turns.enter(o.client, AsyncResource.bind(o.begin));
  if (turn === undefined) {
    const retryAfter = 1;
    o.refuse(new ProblemError('rate_limited', 'Too many large requests at once; see Retry-After', { retryAfter }));
    return;
  }
  // A body that is refused is still read to its end after the answer.
  const endWithBody = () => {
    if (request.complete || request.destroyed) {
      turn.end();
      return;
    }
    const timer = setTimeout(turn.end, LONGEST_DISCARD_MS);
    request.once('close', () => {
      clearTimeout(timer);
      turn.end();
    });
  };
  if (response.destroyed) endWithBody();
  else response.once('close', endWithBody);
}
