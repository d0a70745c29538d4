import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { type TestIssuer, testIssuer } from '@tradepost/testing/tokens';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jwksStore } from '../src/jwks-store.ts';
import { guardedApp } from './guarded-app.ts';
import { problemOf } from './http.ts';
import { notesService } from './notes.ts';

describe('keys', () => {
  let issuer: TestIssuer;
  let database: TestDatabase;
  beforeAll(async () => {
    issuer = await testIssuer();
    database = await testDatabase(notesService.migrations);
  });
  afterAll(async () => {
    await issuer.close();
    await database.drop();
  });

  const ask = (url: string) => fetch(`${url}/required`, { headers: issuer.headers() });

  test('a new key is fetched when a token names it, and tokens of the old one stay good', async () => {
    const url = await guardedApp(issuer);
    const old = issuer.headers();
    expect((await ask(url)).status).toBe(200);
    issuer.rotate();
    expect((await ask(url)).status).toBe(200);
    expect((await fetch(`${url}/required`, { headers: old })).status).toBe(200);
  });

  test('however many unknown keys are named, they are fetched once in a while only', async () => {
    const url = await guardedApp(issuer, { refetchAfterMs: 60_000 });
    await ask(url);
    const before = issuer.requests;
    const forged = Array.from({ length: 20 }, (_, i) => issuer.headers({ header: { kid: `forged-${i}` } }));
    const statuses = await Promise.all(
      forged.map(async (headers) => (await fetch(`${url}/required`, { headers })).status),
    );
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(issuer.requests).toBe(before);
  });

  test('they are kept while auth is unavailable', async () => {
    const url = await guardedApp(issuer, { refreshAfterMs: 0 });
    expect((await ask(url)).status).toBe(200);
    issuer.isUnavailable = true;
    for (let i = 0; i < 3; i++) expect((await ask(url)).status).toBe(200);
    issuer.isUnavailable = false;
  });

  test('without any keys no token can be verified: 503, and 200 once auth is there', async () => {
    issuer.isUnavailable = true;
    const url = await guardedApp(issuer);
    const { status, headers, problem } = await problemOf(`${url}/required`, { headers: issuer.headers() });
    expect({ status, code: problem.code }).toEqual({ status: 503, code: 'unavailable' });
    expect(headers.get('retry-after')).toBeTruthy();
    issuer.isUnavailable = false;
    expect((await ask(url)).status).toBe(200);
  });

  test('a service that is restarted while auth is unavailable has those that were saved', async () => {
    const before = await guardedApp(issuer, jwksStore(database.pool));
    expect((await ask(before)).status).toBe(200);
    issuer.isUnavailable = true;
    const after = await guardedApp(issuer, jwksStore(database.pool));
    expect((await ask(after)).status).toBe(200);
    issuer.isUnavailable = false;
    issuer.rotate({ forgetOld: true });
    expect((await ask(after)).status).toBe(200);
    const { rows } = await database.pool.query<{ jwks: string }>({ text: 'select jwks from jwks_cache' });
    expect(rows).toHaveLength(1);
    expect(JSON.parse(rows[0]?.jwks ?? '')).toEqual(await (await fetch(issuer.jwksUrl)).json());
  });
});
