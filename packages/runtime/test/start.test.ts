import { migrate } from '@tradepost/postgres/migrate';
import { emptyDatabase, type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { until } from '@tradepost/testing/until';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReadinessReport } from '../src/readiness.ts';
import { createGate } from './gate.ts';
import { problemOf } from './http.ts';
import { launchNotes, notesTransport } from './launched-notes.ts';
import { notesService } from './notes.ts';

const silent = pino({ level: 'silent' });

async function readiness(service: { managementUrl: string }): Promise<{ status: number; body: ReadinessReport }> {
  const response = await fetch(`${service.managementUrl}/readyz`);
  const body = await response.json();
  // as: that is what it answers; tests look at its members.
  return { status: response.status, body: body as ReadinessReport };
}

describe('starting', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase(notesService.migrations);
  });
  afterAll(() => database.drop());

  test('with everything there, it is ready and serves', async () => {
    const service = await launchNotes({ DATABASE_URL: database.url, GREETING: 'salut' });
    await service.started;
    expect(await readiness(service)).toEqual({
      status: 200,
      body: {
        ready: true,
        phase: 'started',
        checks: { database: { ok: true, required: true }, broker: { ok: true, required: false } },
      },
    });
    expect(await (await fetch(`${service.url}/api/v1/greeting`)).text()).toBe('salut');
    await service.stop();
  });

  test('without its database it waits for it, says so, and refuses requests meanwhile', async () => {
    const gate = await createGate(database.url, { open: false });
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) });
    const service = await launchNotes({ DATABASE_URL: gate.url(database.url) }, { log });
    expect((await fetch(`${service.managementUrl}/livez`)).status).toBe(200);
    const { status, body } = await until(async () => {
      const report = await readiness(service);
      return report.body.waitingFor && report.body.checks.database?.reason ? report : undefined;
    });
    expect(status).toBe(503);
    expect(body).toMatchObject({
      ready: false,
      phase: 'starting',
      checks: { database: { ok: false, required: true } },
    });
    expect(body.waitingFor).toContain('the database');
    const refused = await problemOf(`${service.url}/api/v1/greeting`);
    expect(refused).toMatchObject({ status: 503, problem: { code: 'unavailable' } });
    expect(refused.headers.get('retry-after')).toBeTruthy();
    expect(lines.join('')).toContain('waiting for the database');
    gate.open();
    await service.started;
    expect((await fetch(`${service.url}/api/v1/greeting`)).status).toBe(200);
    await until(async () => (await readiness(service)).status === 200);
    await service.stop();
    await gate.close();
  });

  test('without its migrations it waits for them', async () => {
    const empty = await emptyDatabase();
    const service = await launchNotes({ DATABASE_URL: empty.url });
    await until(async () => (await readiness(service)).body.waitingFor?.includes('migrations'));
    expect((await readiness(service)).status).toBe(503);
    await migrate({ url: empty.url, directory: notesService.migrations, log: silent });
    await service.started;
    await service.stop();
    await empty.drop();
  });

  test('without the last of its migrations it waits for that, and names it', async () => {
    const behind = await testDatabase(notesService.migrations);
    const gone = "delete from schema_migration where name = '0003_note.sql' returning name, checksum";
    const { rows } = await behind.pool.query<{ name: string; checksum: string }>({ text: gone });
    const service = await launchNotes({ DATABASE_URL: behind.url });
    await until(async () => (await readiness(service)).body.waitingFor?.includes('0003_note.sql'));
    expect((await readiness(service)).status).toBe(503);
    const text = 'insert into schema_migration (name, checksum) values ($1, $2)';
    await behind.pool.query({ text, values: [rows[0]?.name, rows[0]?.checksum] });
    await service.started;
    await service.stop();
    await behind.drop();
  });

  test('it migrates by itself only when the setting says so', async () => {
    const empty = await emptyDatabase();
    const service = await launchNotes({ DATABASE_URL: empty.url, MIGRATE_ON_START: 'true' });
    await service.started;
    expect(await (await fetch(`${service.url}/api/v1/notes`)).json()).toEqual([]);
    await service.stop();
    await empty.drop();
  });

  test('a newer schema, as during a rollout, does not keep it from starting', async () => {
    const newer = await testDatabase(notesService.migrations);
    await newer.pool.query({ text: "insert into schema_migration (name, checksum) values ('9999_next.sql', 'x')" });
    const service = await launchNotes({ DATABASE_URL: newer.url });
    await service.started;
    await service.stop();
    await newer.drop();
  });

  test('without its broker it is not ready, but accepts requests: the outbox keeps what they say', async () => {
    const memory = notesTransport();
    let reachable = false;
    const transport = { ...memory, ready: () => reachable };
    const service = await launchNotes({ DATABASE_URL: database.url }, { transport });
    await until(async () => (await readiness(service)).body.waitingFor?.includes('the broker'));
    expect((await readiness(service)).status).toBe(503);
    expect((await fetch(`${service.url}/api/v1/greeting`)).status).toBe(200);
    reachable = true;
    await service.started;
    reachable = false;
    const later = await until(async () => {
      const report = await readiness(service);
      return report.body.checks.broker?.ok === false ? report : undefined;
    });
    expect(later).toMatchObject({ status: 200, body: { ready: true } });
    await service.stop();
  });

  test('it is not ready while its database is unavailable, and again when it is back', async () => {
    const gate = await createGate(database.url, { open: true });
    const service = await launchNotes({ DATABASE_URL: gate.url(database.url) });
    await service.started;
    gate.shut();
    const away = await until(async () => {
      const report = await readiness(service);
      return report.status === 503 ? report : undefined;
    });
    expect(away.body).toMatchObject({ phase: 'started', checks: { database: { ok: false } } });
    expect((await fetch(`${service.managementUrl}/livez`)).status).toBe(200);
    expect(await problemOf(`${service.url}/api/v1/notes`)).toMatchObject({
      status: 503,
      problem: { code: 'unavailable' },
    });
    gate.open();
    await until(async () => (await readiness(service)).status === 200);
    expect((await fetch(`${service.url}/api/v1/notes`)).status).toBe(200);
    await service.stop();
    await gate.close();
  });

  test('a service that needs its database only to start stays ready without', async () => {
    const gate = await createGate(database.url, { open: true });
    const service = await launchNotes({ DATABASE_URL: gate.url(database.url) }, { database: 'at-start' });
    await service.started;
    gate.shut();
    const away = await until(async () => {
      const report = await readiness(service);
      return report.body.checks.database?.ok === false ? report : undefined;
    });
    expect(away).toMatchObject({ status: 200, body: { ready: true, checks: { database: { required: false } } } });
    await service.stop();
    await gate.close();
  });

  test('a service that can do without database and broker is ready without, and has them when they come', async () => {
    const gate = await createGate(database.url, { open: false });
    const transport = { ...notesTransport(), ready: () => false };
    const service = await launchNotes({ DATABASE_URL: gate.url(database.url) }, { transport, database: 'optional' });
    await service.started;
    expect((await readiness(service)).status).toBe(200);
    expect((await fetch(`${service.url}/api/v1/greeting`)).status).toBe(200);
    expect((await fetch(`${service.url}/api/v1/notes`)).status).toBe(503);
    gate.open();
    await until(async () => (await fetch(`${service.url}/api/v1/notes`)).status === 200);
    await service.stop();
    await gate.close();
  });

  test('it can be stopped while it waits', async () => {
    const service = await launchNotes({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    await until(async () => (await readiness(service)).body.waitingFor);
    await service.stop();
    await expect(service.started).rejects.toThrow('stopped before');
    await expect(fetch(service.managementUrl)).rejects.toThrow();
  });

  test('a port in use is reported', async () => {
    const first = await launchNotes({ DATABASE_URL: database.url });
    const { port } = new URL(first.url);
    await expect(launchNotes({ DATABASE_URL: database.url, PORT: port })).rejects.toThrow(`${port}: it is in use`);
    await first.stop();
  });
});

test('the management port has nothing else, and lets nothing be written', async () => {
  const service = await launchNotes({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
  expect(await problemOf(`${service.managementUrl}/`)).toMatchObject({ status: 404, problem: { code: 'not_found' } });
  const written = await problemOf(`${service.managementUrl}/livez`, { method: 'POST' });
  expect(written).toMatchObject({ status: 405, problem: { code: 'method_not_allowed' } });
  const metrics = await fetch(`${service.managementUrl}/metrics`);
  expect(metrics.headers.get('content-type')).toContain('text/plain');
  expect(await metrics.text()).toMatch(/^process_resident_memory_bytes \d+/m);
  await service.stop();
});
