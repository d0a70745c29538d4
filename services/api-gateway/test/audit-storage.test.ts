import { until } from '@tradepost/testing/until';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WriteBehind } from '../src/actions/write-behind.ts';
import type { AuditEntry } from '../src/domain/audit-entry.ts';
import { deleteAuditEntries, insertAuditEntries } from '../src/store/audit-entries.ts';
import { auditEntry, storedEntries } from './audit-entries.ts';
import { cuttableDatabase } from './cuttable-database.ts';
import { startGateway, type TestGateway } from './gateway.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.stop());

describe('the audit trail', () => {
  test('is deleted when it is too old', async () => {
    const { pool } = gateway.service;
    await insertAuditEntries(
      pool,
      Array.from({ length: 10 }, (_, i) => auditEntry(i)),
    );
    expect(await deleteAuditEntries(pool, new Date('2026-01-01T00:00:08Z'), 5)).toBe(5);
    expect(await deleteAuditEntries(pool, new Date('2026-01-01T00:00:08Z'), 5)).toBe(3);
    expect((await storedEntries(gateway.service.pool)).map(({ path }) => path)).toEqual(['/8', '/9']);
  });
});

describe('without its database', () => {
  test('the gateway starts, is ready and serves; the trail is written once the database is there', async () => {
    const way = await cuttableDatabase(gateway.service.databaseUrl);
    await way.cut();
    const other = await startGateway({
      DATABASE_URL: way.url,
      DATABASE_CONNECT_TIMEOUT_MS: '500',
      DATABASE_RECOVERY_WAIT_MS: '500',
    });
    try {
      expect((await fetch(`${other.service.managementUrl}/readyz`)).status).toBe(200);
      for (let i = 0; i < 20; i++) {
        const response = await fetch(`${other.url}/api/v1/orders`, {
          method: 'POST',
          headers: { 'x-request-id': `request-${i}-x` },
        });
        expect(response.status).toBe(200);
      }
      const headers = other.auth.issuer.headers({ role: 'admin' });
      expect((await fetch(`${other.url}/api/v1/audit`, { headers })).status).toBe(503);
      await way.mend();
      await until(async () => (await storedEntries(gateway.service.pool)).length === 20);
      expect(new Set((await storedEntries(gateway.service.pool)).map((row) => row.request_id)).size).toBe(20);
      await way.cut();
      expect((await fetch(`${other.url}/api/v1/orders`, { method: 'POST' })).status).toBe(200);
      expect((await fetch(`${other.service.managementUrl}/readyz`)).status).toBe(200);
      await way.mend();
      await until(async () => (await storedEntries(gateway.service.pool)).length === 21);
    } finally {
      await other.stop();
      await way.cut();
    }
  });

  test('what waits is bounded: the oldest is lost, and counted', async () => {
    let lost = 0;
    let away = true;
    const written: AuditEntry[] = [];
    const kept = new WriteBehind<AuditEntry>({
      max: 100,
      batch: 30,
      insert: async (_db, entries) => {
        if (away) throw new Error('away');
        written.push(...entries);
      },
      onDrop: (count) => (lost += count),
      onRejected: () => undefined,
      onFull: () => undefined,
    });
    for (let i = 0; i < 1000; i++) kept.record(auditEntry(i));
    await expect(kept.flush(gateway.service.pool)).rejects.toThrow('away');
    expect(kept.waiting).toBeLessThanOrEqual(100);
    expect(lost + kept.waiting).toBe(1000);
    away = false;
    while ((await kept.flush(gateway.service.pool)) > 0);
    expect(written.at(-1)?.path).toBe('/999');
    expect(written.length + lost).toBe(1000);
  });

  test('an entry that the database refuses for good does not hold up the others', async () => {
    let lost = 0;
    const kept = new WriteBehind<AuditEntry>({
      max: 100,
      batch: 1,
      insert: insertAuditEntries,
      onDrop: (count) => (lost += count),
      onRejected: () => undefined,
      onFull: () => undefined,
    });
    kept.record(auditEntry(1, { status: 9999 }));
    kept.record(auditEntry(2));
    while ((await kept.flush(gateway.service.pool)) > 0);
    expect(lost).toBe(1);
    expect((await storedEntries(gateway.service.pool)).map(({ path }) => path)).toEqual(['/2']);
  });
});
