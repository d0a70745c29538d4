import { AsyncResource } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ClientTurns } from '../actions/client-turns.ts';
import { tokensOfBody } from '../domain/rate-limit.ts';
import { isSearch } from '../domain/routing.ts';

/** How long the next request of a client waits for the rest of a body that was refused. */
const LONGEST_DISCARD_MS = 1_000;

/** Requests that a client has one of at a time. They wait for their own kind only: a body may come slowly. */
export type ExpensiveKind = 'body' | 'search';

/** Undefined: a request that does not wait for others. A body of unknown length may be large. */
export function expensiveKindOf({ headers, url = '' }: IncomingMessage): ExpensiveKind | undefined {
  const mayBeLarge =
    headers['transfer-encoding'] !== undefined || tokensOfBody(Number(headers['content-length'] ?? 0)) > 0;
  if (mayBeLarge) return 'body';
  return isSearch(url) ? 'search' : undefined;
}

/** Calls `begin` when the expensive requests of this kind that `client` sent before have been answered; `refuse` where too many wait already. */
export function takeTurn(
  { raw: request }: FastifyRequest,
  { raw: response }: FastifyReply,
  o: {
    turns: ClientTurns;
    client: string;
    kind: ExpensiveKind;
    begin: () => void;
    refuse: (problem: ProblemError) => void;
  },
): void {
  const turn = o.turns.enter(`${o.kind} ${o.client}`, AsyncResource.bind(o.begin));
  if (turn === undefined) {
    const retryAfter = 1;
    o.refuse(
      new ProblemError('rate_limited', 'Too many large requests or searches at once; see Retry-After', { retryAfter }),
    );
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
