import type { ProblemCode } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Route } from '../domain/routing.ts';
import type { Failure } from '../upstream/upstream-exchange.ts';

const problemCodes: Readonly<Record<Failure['stage'], ProblemCode>> = {
  'no-address': 'unavailable',
  'connect-failed': 'unavailable',
  overloaded: 'unavailable',
  full: 'overloaded',
  unanswered: 'bad_gateway',
  broken: 'bad_gateway',
  timeout: 'gateway_timeout',
  unsendable: 'malformed_request',
};

/** The problem that the client gets for a failed upstream request. */
export function upstreamProblem({ stage, retryAfter, error }: Failure, { upstream }: Route): ProblemError {
  if (error instanceof ProblemError) return error;
  const code = problemCodes[stage];
  if (code === 'malformed_request') return new ProblemError(code, 'The request cannot be passed on', { cause: error });
  const more = { cause: error ?? new Error(`${upstream}: ${stage}`) };
  if (code === 'unavailable' || code === 'overloaded') {
    return new ProblemError(code, 'This part of the API cannot be reached at the moment', { ...more, retryAfter });
  }
  return new ProblemError(code, 'Whether the request took effect is not known', more);
}
