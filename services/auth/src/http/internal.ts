import { REVOCATIONS_PATH, Revocations } from '@tradepost/contracts/revocations';
import type { App } from '@tradepost/runtime/app';
import type { Context } from '../actions/context.ts';
import { recentRevocations } from '../store/revocations.ts';

/** More than end in an hour; a gateway can do nothing with an endless list. */
const MAX_REVOCATIONS = 20_000;

/** What instances of the gateway ask for and never route. It holds ids and no secret, and so asks for no credentials. */
export function internalRoutes(app: App, ctx: Context): void {
  app.get(
    REVOCATIONS_PATH,
    { config: { auth: 'none' }, schema: { hide: true, response: { 200: Revocations } } },
    async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      const found = await recentRevocations(ctx.pool, MAX_REVOCATIONS);
      return { items: found.map((one) => ({ ...one, revokedAt: one.revokedAt.toISOString() })) };
    },
  );
}
