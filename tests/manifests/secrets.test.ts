import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderOf } from '../../k8s/secret-files.ts';
import { writeSecrets } from '../../k8s/secrets.ts';
import { copyTree } from './rendering.ts';

describe('npm run secrets', () => {
  let tree: ReturnType<typeof copyTree>;
  let k8s: string;
  beforeEach(() => {
    tree = copyTree({ secrets: false });
    k8s = path.join(tree.root, 'k8s');
  });
  afterEach(() => tree.remove());

  const read = (part: 'base' | 'db', name: string) => readFileSync(path.join(folderOf(k8s, 'dev', part), name), 'utf8');
  const env = (part: 'base' | 'db', name: string): Record<string, string> =>
    Object.fromEntries(
      read(part, `${name}.env`)
        .trim()
        .split('\n')
        .map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]),
    );
  type Users = { users: { name: string; password_hash: string }[] };
  const brokerAccepts = (url: string): boolean => {
    const { username, password } = new URL(url);
    const { users }: Users = JSON.parse(read('db', 'definitions.json'));
    const stored = Buffer.from(users.find(({ name }) => name === username)?.password_hash ?? '', 'base64');
    const hash = createHash('sha256').update(stored.subarray(0, 4)).update(password).digest();
    return stored.subarray(4).equals(hash);
  };
  /** Whether the roles that the Job makes let this one in. */
  const databaseAccepts = (service: string, url: string): boolean => {
    const { username, password } = new URL(url);
    const colour = username.replace('app_', '');
    const roles = env('db', `${service}-db`);
    return roles[`${colour.toUpperCase()}_PASSWORD`] === password && roles.RETIRED !== colour;
  };
  const logins = (service: string) => ({
    database: env('base', service).DATABASE_URL ?? '',
    broker: env('base', service).BROKER_URL ?? '',
  });

  it('makes strong credentials that agree between databases, broker and services', () => {
    expect(writeSecrets(k8s, 'dev', 'make')).toEqual({
      done: 'made',
      what: ['api-gateway', 'auth', 'order', 'product'],
    });
    const seen = new Set<string>();
    for (const service of ['api-gateway', 'auth', 'order', 'product']) {
      const { database, broker } = logins(service);
      expect(databaseAccepts(service, database)).toBe(true);
      expect(brokerAccepts(broker)).toBe(true);
      for (const url of [database, broker]) {
        const { password } = new URL(url);
        expect(password.length).toBeGreaterThanOrEqual(43);
        seen.add(password);
      }
    }
    expect(seen.size).toBe(8);
    expect(env('base', 'auth').AUTH_SECRET?.length).toBeGreaterThanOrEqual(43);
    expect(statSync(path.join(folderOf(k8s, 'dev', 'db'), 'manager.env')).mode & 0o077).toBe(0);
    expect(statSync(folderOf(k8s, 'dev', 'db')).mode & 0o077).toBe(0);
  });

  it('does not overwrite what is there', () => {
    writeSecrets(k8s, 'dev', 'make');
    const before = logins('order');
    expect(writeSecrets(k8s, 'dev', 'make').done).toBe('refused');
    expect(logins('order')).toEqual(before);
    expect(writeSecrets(k8s, 'prod', 'rotate').done).toBe('refused');
  });

  it('adds what a new service needs, and leaves the rest', () => {
    writeSecrets(k8s, 'dev', 'make');
    const before = logins('order');
    for (const [part, name] of [
      ['db', 'auth-db.env'],
      ['base', 'auth.env'],
    ] as const)
      rmSync(path.join(folderOf(k8s, 'dev', part), name));
    expect(writeSecrets(k8s, 'dev', 'make')).toEqual({ done: 'added', what: ['auth'] });
    expect(logins('order')).toEqual(before);
    expect(brokerAccepts(logins('auth').broker)).toBe(true);
  });

  it('rotates so that the old logins stay good until they are retired, again and again', () => {
    writeSecrets(k8s, 'dev', 'make');
    for (let round = 0; round < 3; round++) {
      const old = logins('order');
      const number = Number(env('db', 'rotation').number);
      expect(writeSecrets(k8s, 'dev', 'rotate').done).toBe('rotated');
      const fresh = logins('order');
      expect(fresh.database).not.toBe(old.database);
      expect(new URL(fresh.database).username).not.toBe(new URL(old.database).username);
      expect([old, fresh].map((l) => databaseAccepts('order', l.database))).toEqual([true, true]);
      expect([old, fresh].map((l) => brokerAccepts(l.broker))).toEqual([true, true]);
      // A Job cannot be changed: the one that applies this has a new name.
      expect(Number(env('db', 'rotation').number)).toBe(number + 1);
      if (round === 1) continue;
      expect(writeSecrets(k8s, 'dev', 'retire').done).toBe('retired');
      expect([old, fresh].map((l) => databaseAccepts('order', l.database))).toEqual([false, true]);
      expect([old, fresh].map((l) => brokerAccepts(l.broker))).toEqual([false, true]);
    }
  });

  const signing = () => {
    const { AUTH_SECRET, AUTH_PREVIOUS_SECRETS } = env('base', 'auth');
    return { signs: AUTH_SECRET ?? '', believed: (AUTH_PREVIOUS_SECRETS ?? '').split(',').filter(Boolean) };
  };

  it('lets auth believe a new secret before it signs with it, and the old ones after that', () => {
    writeSecrets(k8s, 'dev', 'make');
    expect(signing().believed).toEqual([]);
    const signed: string[] = [];
    for (let round = 0; round < 6; round++) {
      const before = signing();
      signed.unshift(before.signs);
      writeSecrets(k8s, 'dev', 'rotate');
      const rolling = signing();
      // A pod that has rolled signs as one that has not, and believes what those sign that come after it.
      expect(rolling.signs).toBe(before.signs);
      expect(rolling.believed).toHaveLength(Math.min(round + 1, 4));
      // To ask for it once more makes no third one, which nobody would know yet.
      if (round === 2) {
        writeSecrets(k8s, 'dev', 'rotate');
        expect(signing()).toEqual(rolling);
      }
      writeSecrets(k8s, 'dev', 'retire');
      const after = signing();
      expect(rolling.believed).toContain(after.signs);
      expect(before.believed).not.toContain(after.signs);
      expect(after.believed).toEqual(signed.slice(0, 3));
      expect(after.signs.length).toBeGreaterThanOrEqual(43);
      // A second retirement does not go back.
      writeSecrets(k8s, 'dev', 'retire');
      expect(signing()).toEqual(after);
    }
  });

  it('gives every database a manager of its own, whose old passwords can still be tried', () => {
    writeSecrets(k8s, 'dev', 'make');
    const before = ['order-db', 'auth-db'].map((name) => env('db', name).MANAGER_PASSWORD);
    expect(new Set([...before, env('db', 'manager').password]).size).toBe(3);
    const first = env('db', 'manager').password;
    const used = [before[0]];
    for (let round = 0; round < 5; round++) {
      writeSecrets(k8s, 'dev', 'rotate');
      const { MANAGER_PASSWORD: now = '', MANAGER_PREVIOUS_PASSWORDS: previous = '' } = env('db', 'order-db');
      expect(used).not.toContain(now);
      expect(previous.split(',')).toEqual(used.slice(0, 3));
      used.unshift(now);
    }
    // It is part of the pods of the databases, which must not restart.
    expect(env('db', 'manager').password).toBe(first);
  });

  it('keeps what was added to a file by hand', () => {
    writeSecrets(k8s, 'dev', 'make');
    const file = path.join(folderOf(k8s, 'dev', 'base'), 'auth.env');
    writeFileSync(file, `${readFileSync(file, 'utf8')}AUTH_PREVIOUS_SECRETS=older\nLOG_LEVEL=debug\n`);
    writeSecrets(k8s, 'dev', 'rotate');
    expect(env('base', 'auth').LOG_LEVEL).toBe('debug');
    expect(signing().believed).toEqual([expect.any(String), 'older']);
    writeSecrets(k8s, 'dev', 'retire');
    expect(signing().believed).toEqual([expect.any(String), 'older']);
  });
});
