import type { Pool } from '@tradepost/postgres/pool';
import { uuidv7Floor } from '@tradepost/postgres/uuid';
import type { AuditEntry } from '../src/domain/audit-entry.ts';

/** The entries as they are stored, oldest first. */
export async function storedEntries(pool: Pool): Promise<Record<string, unknown>[]> {
  return (await pool.query<Record<string, unknown>>({ text: 'select * from audit_entry order by id' })).rows;
}

/** The entry of a request, `i` seconds after the beginning of 2026. */
export function auditEntry(i: number, more: Partial<AuditEntry> = {}): AuditEntry {
  const at = new Date(Date.UTC(2026, 0, 1, 0, 0, i));
  return {
    ...{ id: uuidv7Floor(at), at },
    accountId: null,
    operatorId: null,
    role: null,
    method: 'POST',
    route: '/',
    path: `/${i}`,
    status: 200,
    requestId: 'request',
    traceId: null,
    address: '2001:db8::1',
    userAgent: null,
    ...more,
  };
}
