import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderOf } from '../../k8s/secret-files.ts';
import { writeSecrets } from '../../k8s/secrets.ts';
import { copyTree } from './rendering.ts';
import { type WrittenSecrets, writtenSecrets } from './written-secrets.ts';

describe('npm run secrets', () => {
  let tree: ReturnType<typeof copyTree>;
  let k8s: string;
  let written: WrittenSecrets;
  beforeEach(() => {
    tree = copyTree({ secrets: false });
    k8s = path.join(tree.root, 'k8s');
    written = writtenSecrets(k8s);
  });
  afterEach(() => tree.remove());

  it('makes strong credentials that agree between databases, broker and services', () => {
    expect(writeSecrets(k8s, 'dev', 'make')).toEqual({
      done: 'made',
      what: ['api-gateway', 'auth', 'notification', 'order', 'product'],
    });
    const seen = new Set<string>();
    for (const service of ['api-gateway', 'auth', 'notification', 'order', 'product']) {
      const { database, broker } = written.logins(service);
      expect(written.databaseAccepts(service, database)).toBe(true);
      expect(written.brokerAccepts(broker)).toBe(true);
      for (const url of [database, broker]) {
        const { password } = new URL(url);
        expect(password.length).toBeGreaterThanOrEqual(43);
        seen.add(password);
      }
    }
    expect(seen.size).toBe(10);
    expect(written.env('base', 'auth').AUTH_SECRET?.length).toBeGreaterThanOrEqual(43);
    expect(statSync(path.join(folderOf(k8s, 'dev', 'db'), 'manager.env')).mode & 0o077).toBe(0);
    expect(statSync(folderOf(k8s, 'dev', 'db')).mode & 0o077).toBe(0);
  });

  it('does not overwrite what is there', () => {
    writeSecrets(k8s, 'dev', 'make');
    const before = written.logins('order');
    expect(writeSecrets(k8s, 'dev', 'make').done).toBe('refused');
    expect(written.logins('order')).toEqual(before);
    expect(writeSecrets(k8s, 'prod', 'rotate').done).toBe('refused');
  });

  it('adds what a new service needs, and leaves the rest', () => {
    writeSecrets(k8s, 'dev', 'make');
    const before = written.logins('order');
    for (const [part, name] of [
      ['db', 'auth-db.env'],
      ['base', 'auth.env'],
    ] as const)
      rmSync(path.join(folderOf(k8s, 'dev', part), name));
    expect(writeSecrets(k8s, 'dev', 'make')).toEqual({ done: 'added', what: ['auth'] });
    expect(written.logins('order')).toEqual(before);
    expect(written.brokerAccepts(written.logins('auth').broker)).toBe(true);
  });

  it('rotates so that the old logins stay good until they are retired, again and again', () => {
    writeSecrets(k8s, 'dev', 'make');
    for (let round = 0; round < 3; round++) {
      const old = written.logins('order');
      const number = Number(written.env('db', 'rotation').number);
      expect(writeSecrets(k8s, 'dev', 'rotate').done).toBe('rotated');
      const fresh = written.logins('order');
      expect(fresh.database).not.toBe(old.database);
      expect(new URL(fresh.database).username).not.toBe(new URL(old.database).username);
      expect([old, fresh].map((l) => written.databaseAccepts('order', l.database))).toEqual([true, true]);
      expect([old, fresh].map((l) => written.brokerAccepts(l.broker))).toEqual([true, true]);
      // A Job cannot be changed: the one that applies this has a new name.
      expect(Number(written.env('db', 'rotation').number)).toBe(number + 1);
      // Another one would replace a login that pods use until they have rolled.
      expect(writeSecrets(k8s, 'dev', 'rotate').done).toBe('refused');
      expect(written.logins('order')).toEqual(fresh);
      expect(written.databaseAccepts('order', old.database)).toBe(true);
      expect(writeSecrets(k8s, 'dev', 'retire').done).toBe('retired');
      expect([old, fresh].map((l) => written.databaseAccepts('order', l.database))).toEqual([false, true]);
      expect([old, fresh].map((l) => written.brokerAccepts(l.broker))).toEqual([false, true]);
    }
  });

  it('lets auth accept a new secret before it signs with it, and the old ones after that', () => {
    writeSecrets(k8s, 'dev', 'make');
    expect(written.signing().believed).toEqual([]);
    const signed: string[] = [];
    for (let round = 0; round < 6; round++) {
      const before = written.signing();
      signed.unshift(before.signs);
      writeSecrets(k8s, 'dev', 'rotate');
      const rolling = written.signing();
      // A pod that has rolled signs as one that has not, and believes what those sign that come after it.
      expect(rolling.signs).toBe(before.signs);
      expect(rolling.believed).toHaveLength(Math.min(round + 1, 4));
      writeSecrets(k8s, 'dev', 'retire');
      const after = written.signing();
      expect(rolling.believed).toContain(after.signs);
      expect(before.believed).not.toContain(after.signs);
      expect(after.believed).toEqual(signed.slice(0, 3));
      expect(after.signs.length).toBeGreaterThanOrEqual(43);
      // A second retirement does not go back.
      writeSecrets(k8s, 'dev', 'retire');
      expect(written.signing()).toEqual(after);
    }
  });

  it('gives those that share the key of mails the same, and lets the reader know a new one before it is used', () => {
    writeSecrets(k8s, 'dev', 'make');
    const keys = () => ['auth', 'order', 'notification'].map((service) => written.env('base', service).MAIL_KEY);
    const known = () => (written.env('base', 'notification').MAIL_PREVIOUS_KEYS ?? '').split(',').filter(Boolean);
    expect(written.env('base', 'product').MAIL_KEY).toBeUndefined();
    const used: (string | undefined)[] = [];
    for (let round = 0; round < 6; round++) {
      const [before = ''] = keys();
      expect(before.length).toBeGreaterThanOrEqual(43);
      expect(used).not.toContain(before);
      used.unshift(before);
      writeSecrets(k8s, 'dev', 'rotate');
      expect(keys(), 'nobody encrypts with it yet').toEqual([before, before, before]);
      const announced = known();
      writeSecrets(k8s, 'dev', 'retire');
      expect(new Set(keys())).toEqual(new Set([announced[0]]));
      expect(known(), 'what is under way is still read').toEqual(used.slice(0, 3));
      writeSecrets(k8s, 'dev', 'retire');
      expect(known()).toEqual(used.slice(0, 3));
    }
    const [shared] = keys();
    for (const service of ['auth', 'notification']) {
      const folder = folderOf(k8s, 'dev', 'base');
      rmSync(path.join(folder, `${service}.env`));
    }
    expect(writeSecrets(k8s, 'dev', 'make').done).toBe('added');
    expect(keys(), 'a service that is made anew gets the one that the others have').toEqual([shared, shared, shared]);
  });

  it('gives every database a manager of its own, whose old passwords can still be tried', () => {
    writeSecrets(k8s, 'dev', 'make');
    const before = ['order-db', 'auth-db'].map((name) => written.env('db', name).MANAGER_PASSWORD);
    expect(new Set([...before, written.env('db', 'manager').password]).size).toBe(3);
    const first = written.env('db', 'manager').password;
    const used = [before[0]];
    for (let round = 0; round < 5; round++) {
      writeSecrets(k8s, 'dev', 'rotate');
      const { MANAGER_PASSWORD: now = '', MANAGER_PREVIOUS_PASSWORDS: previous = '' } = written.env('db', 'order-db');
      expect(used).not.toContain(now);
      expect(previous.split(',')).toEqual(used.slice(0, 3));
      used.unshift(now);
      writeSecrets(k8s, 'dev', 'retire');
    }
    // It is part of the pods of the databases, which must not restart.
    expect(written.env('db', 'manager').password).toBe(first);
  });

  it('keeps what was added to a file by hand', () => {
    writeSecrets(k8s, 'dev', 'make');
    const file = path.join(folderOf(k8s, 'dev', 'base'), 'auth.env');
    writeFileSync(file, `${readFileSync(file, 'utf8')}AUTH_PREVIOUS_SECRETS=older\nLOG_LEVEL=debug\n`);
    writeSecrets(k8s, 'dev', 'rotate');
    expect(written.env('base', 'auth').LOG_LEVEL).toBe('debug');
    expect(written.signing().believed).toEqual([expect.any(String), 'older']);
    writeSecrets(k8s, 'dev', 'retire');
    expect(written.signing().believed).toEqual([expect.any(String), 'older']);
  });
});
