import { isIP } from 'node:net';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { currentTraceparent } from '@tradepost/runtime/trace';
import type { WriteBehind } from '../actions/write-behind.ts';
import { type AuditEntry, bounded } from '../domain/audit-entry.ts';
import type { EdgeOptions } from './edge.ts';

/** Records a request that means to change something, once it has ended. */
export function createAuditHook(trail: WriteBehind<AuditEntry>): EdgeOptions['onChange'] {
  return (request, reply, passage) => {
    const id = uuidv7();
    const at = new Date();
    const traceId = currentTraceparent()?.split('-')[1] ?? null;
    reply.raw.once('close', () => {
      if (passage.limited) return;
      const { address } = passage.client;
      const entry = bounded({
        id,
        at,
        accountId: passage.caller?.accountId ?? null,
        role: passage.caller?.role ?? null,
        method: request.method,
        route: passage.route?.prefix ?? 'unmatched',
        path: passage.path,
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
