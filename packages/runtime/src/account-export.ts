import { ACCOUNT_EXPORT_PATH } from '@tradepost/contracts/account-export';
import { IdInput } from '@tradepost/contracts/input';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from './app.ts';
import { type RouteAuth, requireIdentity } from './identity.ts';

/** Who asks, where that is not told by the verified access token. */
export type ExportGuard = {
  auth: RouteAuth;
  identify(request: FastifyRequest): Promise<{ accountId: string; isOperator?: boolean }>;
};

const byToken: ExportGuard = { auth: 'required', identify: async (request) => requireIdentity(request) };

/**
 * The part of a service in the export of an account: all that it holds of it, as one JSON value. Only the account itself and operators are
 * answered. The gateway asks for it and makes one document of all parts.
 */
export function accountExportRoute(
  app: App,
  read: (accountId: string) => Promise<Record<string, unknown>>,
  guard: ExportGuard = byToken,
): void {
  app.get(
    ACCOUNT_EXPORT_PATH,
    {
      config: { auth: guard.auth, operatorPermission: 'accounts:write' },
      schema: { hide: true, querystring: Type.Object({ accountId: IdInput }, { additionalProperties: false }) },
    },
    async (request, reply) => {
      const { accountId, isOperator } = await guard.identify(request);
      const wanted = request.query.accountId;
      if (accountId !== wanted && !isOperator) throw new ProblemError('forbidden', 'This is not your account');
      reply.header('cache-control', 'no-store');
      return read(wanted);
    },
  );
}
