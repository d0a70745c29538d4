import { AsyncResource } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KeyedQueue, QueueEntry } from '../actions/keyed-queue.ts';
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

export type QueueRequestOptions = {
  queue: KeyedQueue;
  key: string;
  /** `release` lets the next request begin: for when the service has done its work. The end of the response does so, too. */
  begin: (release: () => void) => void;
  refuse: (problem: ProblemError) => void;
};

/** Calls `begin` when the requests of this key that came before have been answered; `refuse` when too many wait, or for too long. */
export function queueRequest(
  { raw: request }: FastifyRequest,
  { raw: response }: FastifyReply,
  o: QueueRequestOptions,
): void {
  const begin = (entry: QueueEntry) => o.begin(() => endWithBody(request, entry));
  const refuse = () =>
    o.refuse(
      new ProblemError('rate_limited', 'Too many large requests or searches at once; see Retry-After', {
        retryAfter: 1,
      }),
    );
  const entry = o.queue.enqueue(o.key, AsyncResource.bind(begin), AsyncResource.bind(refuse));
  if (entry === undefined) refuse();
  else if (response.destroyed) endWithBody(request, entry);
  else response.once('close', () => endWithBody(request, entry));
}

/** A body that is refused is still read to its end after the answer. */
function endWithBody(request: IncomingMessage, entry: QueueEntry): void {
  if (request.complete || request.destroyed) {
    entry.end();
    return;
  }
  const timer = setTimeout(entry.end, LONGEST_DISCARD_MS);
  request.once('close', () => {
    clearTimeout(timer);
    entry.end();
  });
}
