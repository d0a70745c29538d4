import type { Context, Span } from '@opentelemetry/api';
import type { Permission } from '@tradepost/contracts/permissions';
import type { Role } from '@tradepost/contracts/roles';
import type { FastifyRequest } from 'fastify';

/** The account that sends a request, as its access token says. */
export type Identity = {
  accountId: string;
  /** The session or API key that the token was made from. */
  sessionId: string;
  role: Role;
  name?: string;
  email?: string;
  /** Of `staff`: what it may do. */
  permissions?: readonly Permission[];
  /** Of an API key that may only read. */
  readOnly?: true;
  /** The account of the operator who acts as this one. */
  operatorId?: string;
  /** Holds the permission that the route declares: may do to everything what others may do to what is theirs. */
  isOperator?: true;
};

/** What the runtime keeps about one request. */
export type RequestState = {
  /** `performance.now()` of its arrival. */
  startedAt: number;
  /** Trace and request id. */
  context: Context;
  traceId: string;
  /** The server span; undefined where no OpenTelemetry SDK records. */
  span: Span | undefined;
  /** The pattern of the route, `unmatched` without one. */
  route: string;
  identity: Identity | undefined;
  /** The `code` of the problem it was answered with. */
  problemCode: string | undefined;
  /** False once it no longer counts as in flight: a stream of events is no load. */
  counted: boolean;
};

/** A request of any route, whatever its schema and config. */
export type AnyRequest = Pick<FastifyRequest, 'id' | 'raw'>;

/** The name of the request decoration that holds the state. */
const STATE = Symbol('tradepost.request');

// as: Fastify types a decoration by augmenting its module for everybody; this one has no other reader.
type WithState = { [STATE]: RequestState };

/** The state of a request, from its arrival on. */
export function stateOf(request: AnyRequest): RequestState {
  return (request as unknown as WithState)[STATE];
}

/** Begins the state of a request. */
export function setState(request: AnyRequest, state: RequestState): void {
  (request as unknown as WithState)[STATE] = state;
}
