import { isIP } from 'node:net';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { currentTraceparent } from '@tradepost/runtime/trace';
import type { WriteBehind } from '../actions/write-behind.ts';
import { type AuditEntry, truncate } from '../domain/audit-entry.ts';
import type { IngressOptions } from './ingress-hook.ts';

/** Records a request that means to change something, once it has ended. */
export function createAuditHook(trail: WriteBehind<AuditEntry>): IngressOptions['onChange'] {
  return (request, reply, context) => {
    const id = uuidv7();
    const at = new Date();
    const traceId = currentTraceparent()?.split('-')[1] ?? null;
    reply.raw.once('close', () => {
      if (context.limited) return;
      const { address } = context.client;
      const entry = truncate({
        id,
        at,
        accountId: context.caller?.accountId ?? null,
        operatorId: context.caller?.operatorId ?? null,
        role: context.caller?.role ?? null,
        method: request.method,
        route: context.route?.prefix ?? 'unmatched',
        path: context.path,
        status: reply.raw.writableFinished ? reply.raw.statusCode : 499,
        requestId: request.id,
        traceId,
        address: isIP(address) === 0 ? null : address,
        userAgent: request.headers['user-agent'] ?? null,
      });
      trail.record(entry);
    });
  };
}
