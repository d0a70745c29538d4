import { isSafe } from '@tradepost/contracts/idempotency';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { isOriginAllowed } from '@tradepost/runtime/request-origin';
import type { FastifyRequest } from 'fastify';
import type { CorsPolicy } from '../domain/cors.ts';
import type { Credential } from '../domain/credential.ts';
import type { GatewayContext } from './gateway-context.ts';
import { headerValue } from './header-value.ts';

/** Refuses a change that a cookie authenticates when another site has sent it. */
export function crossSiteProblem(
  request: FastifyRequest,
  context: GatewayContext,
  credential: Credential,
  { cors }: { cors: CorsPolicy },
): ProblemError | undefined {
  const { method = '', headers } = request.raw;
  if (credential.kind !== 'cookie' || isSafe(method)) return undefined;
  const fetchSite = headerValue(headers['sec-fetch-site']);
  if (isOriginAllowed({ origin: headers.origin, fetchSite, host: context.client.host }, cors.trusted)) return undefined;
  return new ProblemError(
    'origin_refused',
    'A change that is authenticated by a cookie must come from a trusted origin',
  );
}
