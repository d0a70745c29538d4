import { topology } from '@tradepost/contracts/topology';
import { createInMemoryTransport } from '@tradepost/messaging/in-memory-transport';
import { readSettings } from '@tradepost/runtime/settings';
import { runService } from '@tradepost/runtime/start-service';
import { createTokenVerifier } from '@tradepost/runtime/token-verifier';
import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { until } from '@tradepost/testing/until';
import { decodeProtectedHeader } from 'jose';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createKeyRing, type KeyRing } from '../src/actions/key-ring.ts';
import { authService } from '../src/service.ts';
import { lockKeys } from '../src/store/signing-keys.ts';
import { type Auth, clientOf, MAIL_KEY, SECRET, startAuth } from './client.ts';

const log = pino({ level: 'silent' });
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const claims = { sub: '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11', sid: 'some-session', role: 'customer' } as const;
const schedule = { rotationMs: 30 * DAY, cacheMs: HOUR, tokenMs: HOUR / 4 };

describe('the keys', () => {
  let database: TestDatabase;
  let time: number;
  beforeEach(async () => {
    database = await testDatabase(authService.migrations);
    time = Date.parse('2026-11-23T00:00:00Z');
  });
  afterEach(() => database.drop());

  const ring = (secret = SECRET, ...earlier: string[]): KeyRing =>
    createKeyRing({
      pool: database.pool,
      secrets: [secret, ...earlier],
      schedule,
      now: () => new Date(time),
      log,
    });
  const kids = (keys: KeyRing) => keys.published().keys.map(({ kid }) => kid);
  const kidOf = (jwt: string) => decodeProtectedHeader(jwt).kid;

  test('of several instances that start at once, one makes the first', async () => {
    const rings = Array.from({ length: 6 }, () => ring());
    await Promise.all(rings.map((one) => one.refresh()));
    const [first] = rings.map(kids);
    expect(first).toHaveLength(1);
    for (const one of rings) expect(kids(one)).toEqual(first);
    const jwt = (await rings[0]?.sign(claims)) ?? '';
    expect(await rings[5]?.verify(jwt)).toMatchObject(claims);
  });

  test('take turns: the next is published before it signs, and the last one after its last token', async () => {
    const [one, other] = [ring(), ring()];
    await one.refresh();
    await other.refresh();
    const [oldKid] = kids(one);
    const oldToken = await one.sign(claims);

    time += 30 * DAY - HOUR;
    await Promise.all([one.refresh(), other.refresh()]);
    expect(kids(one)).toHaveLength(2);
    expect(kids(other).sort()).toEqual(kids(one).sort());
    expect(kidOf(await one.sign(claims))).toBe(oldKid);

    time += HOUR;
    const newToken = await one.sign(claims);
    const newKid = kidOf(newToken);
    expect(newKid).not.toBe(oldKid);
    expect(kidOf(await other.sign(claims))).toBe(newKid);
    expect(kidOf(oldToken)).toBe(oldKid);

    time += HOUR;
    await one.refresh();
    expect(kids(one).sort()).toEqual([oldKid, newKid].sort());
    time += HOUR;
    await Promise.all([one.refresh(), other.refresh()]);
    expect(kids(one)).toEqual([newKid]);
    expect(kids(other)).toEqual([newKid]);
  });

  test('a token is good for as long as it says, whichever key signs meanwhile', async () => {
    const keys = ring();
    await keys.refresh();
    time += 30 * DAY - HOUR;
    await keys.refresh();
    time += HOUR - 1000;
    const jwt = await keys.sign(claims);
    time += 14 * 60_000;
    await keys.refresh();
    expect(kidOf(await keys.sign(claims))).not.toBe(kidOf(jwt));
    expect(await keys.verify(jwt)).toMatchObject(claims);
    time += 2 * 60_000;
    expect(await keys.verify(jwt)).toBeUndefined();
  });

  test('outlive a change of the secret, while the old one is still named', async () => {
    const before = ring('the old secret, the old secret, the old');
    await before.refresh();
    const jwt = await before.sign(claims);
    const during = ring('the new secret, the new secret, the new', 'the old secret, the old secret, the old');
    await during.refresh();
    expect(kids(during)).toEqual(kids(before));
    expect(kidOf(await during.sign(claims))).toBe(kidOf(jwt));

    const forgotten = ring('the new secret, the new secret, the new');
    await forgotten.refresh();
    expect(kids(forgotten)).toHaveLength(2);
    expect(kidOf(await forgotten.sign(claims))).not.toBe(kidOf(jwt));
    expect(await forgotten.verify(jwt)).toMatchObject(claims);
    await forgotten.refresh();
    expect(kids(forgotten)).toHaveLength(2);
  });
});

test('the service starts although another instance holds the keys for longer than a statement waits for a lock', async () => {
  const database = await testDatabase(authService.migrations);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const held = database.pool.transaction(async (tx) => {
    await lockKeys(tx);
    await released;
  });
  const starting = startAuth({ DATABASE_URL: database.url, DATABASE_LOCK_TIMEOUT_MS: 50 });
  const attempts = new Set<string>();
  let hasFailed = false;
  starting.catch(() => {
    hasFailed = true;
  });
  const text = `select query_start::text as at from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await until(async () => {
    for (const { at } of (await database.pool.query<{ at: string }>({ text })).rows) attempts.add(at);
    return hasFailed || attempts.size > 1;
  });
  release();
  await held;
  await (await starting).stop();
  await database.drop();
});

describe('the service', () => {
  let auth: Auth;
  beforeEach(async () => {
    auth = await startAuth();
  });
  afterEach(() => auth.stop());

  test('rotates: tokens from before still verify, and new ones carry the new key', async () => {
    const { bearer } = await auth.someone();
    const old = (await auth.get('token', bearer)).body.token;
    const verifier = createTokenVerifier({ jwksUrl: `${auth.url}/api/v1/auth/jwks`, log });
    await verifier.verify(old);

    // Its time is over: the next instance to look makes another, and a little later that one signs.
    await auth.pool.query({ text: `update signing_key set signs_from = signs_from - interval '31 days'` });
    const settings = readSettings(authService.settings, {
      AUTH_SECRET: SECRET,
      MAIL_KEY,
      DATABASE_URL: auth.databaseUrl,
      BROKER_URL: 'memory:',
      HOST: '127.0.0.1',
      PORT: '0',
      MANAGEMENT_PORT: '0',
      SHUTDOWN_DELAY_MS: '0',
    });
    const start = () =>
      runService(authService, {
        settings,
        log,
        transport: createInMemoryTransport({ log, topology: { auth: topology.auth ?? {} } }),
      });
    const second = await start();
    expect((await clientOf(second.url).get('jwks')).body.keys).toHaveLength(2);
    const between = (await clientOf(second.url).get('token', bearer)).body.token;
    expect(decodeProtectedHeader(between).kid).toBe(decodeProtectedHeader(old).kid);
    await second.stop();

    await auth.pool.query({ text: 'update signing_key set signs_from = now() where signs_from > now()' });
    const third = await start();
    const fresh = (await clientOf(third.url).get('token', bearer)).body.token;
    expect(decodeProtectedHeader(fresh).kid).not.toBe(decodeProtectedHeader(old).kid);
    const everywhere = createTokenVerifier({ jwksUrl: `${third.url}/api/v1/auth/jwks`, log });
    expect((await everywhere.verify(old)).sessionId).toBe((await everywhere.verify(fresh)).sessionId);
    await third.stop();
  });
});
