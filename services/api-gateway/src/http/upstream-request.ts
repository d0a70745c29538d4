import type { IncomingMessage } from 'node:http';
import { isIdempotent, isSafe } from '@tradepost/contracts/idempotency';
import type { FastifyRequest } from 'fastify';
import type { OperationTable } from '../domain/operation-table.ts';
import { buildUpstreamHeaders } from '../domain/request-headers.ts';
import type { Route } from '../domain/routing.ts';
import type { UpstreamRequest } from '../upstream/upstream-exchange.ts';
import type { GatewayContext } from './gateway-context.ts';
import type { RequestBody } from './request-body.ts';

/** Until an answer begins, the same for a request that asks to wait, and between two parts of it. */
export type Timeouts = { answerMs: number; waitMs: number; idleMs: number };

/** An import is answered once all of it has been taken in. */
const IMPORT_TIMEOUT_MS = 300_000;

type Description = {
  timeouts: Timeouts;
  operations: OperationTable;
  context: GatewayContext;
  route: Route;
  traceparent: string | undefined;
};

/** The request to the service behind that stands for one of a client. */
export function describeRequest(
  { raw, id }: FastifyRequest,
  { timeouts, operations, context, route, traceparent }: Description,
  body: RequestBody,
): UpstreamRequest {
  const method = raw.method ?? 'GET';
  return {
    method,
    path: raw.url ?? '/',
    headers: buildUpstreamHeaders(raw.headers, {
      forwardedFor: context.client.forwardedFor,
      protocol: context.client.protocol,
      host: context.client.host,
      requestId: id,
      traceparent,
      authorization: context.authorization,
      cookies: route.upstream === 'auth',
      contentLength: body.contentLength,
    }),
    body: body.content,
    idempotent: isIdempotent(operations.idempotencyOf(method, context.path), headerOf(raw, 'idempotency-key')),
    headersTimeoutMs: answerTimeout(raw, route, timeouts),
    // Events come when something happens; that the connection is alive is for TCP to find out.
    bodyTimeoutMs: asksForStream(raw) ? 0 : timeouts.idleMs,
  };
}

function answerTimeout(raw: IncomingMessage, route: Route, timeouts: Timeouts): number {
  if (route.unlimitedBody && !isSafe(raw.method ?? '')) return IMPORT_TIMEOUT_MS;
  return asksToWait(raw) ? timeouts.waitMs : timeouts.answerMs;
}

export function asksForStream(raw: IncomingMessage): boolean {
  return raw.method === 'GET' && headerOf(raw, 'accept')?.includes('text/event-stream') === true;
}

export function asksToWait(raw: IncomingMessage): boolean {
  const prefer = headerOf(raw, 'prefer');
  return prefer !== undefined && /(?:^|[,;\s])wait\s*=/i.test(prefer);
}

function headerOf(raw: IncomingMessage, name: string): string | undefined {
  const value = raw.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
