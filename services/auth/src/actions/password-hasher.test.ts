import { parseOptions } from '@node-rs/argon2';
import { describe, expect, test } from 'vitest';
import { createPasswordHasher } from './password-hasher.ts';

const password = 'a perfectly fine passphrase';

describe('createPasswordHasher', () => {
  test('hashes with argon2id at 19 MiB, two passes, one lane, with salt', async () => {
    const hasher = createPasswordHasher({ concurrency: 2, queue: 0 });
    const [one, other] = await Promise.all([hasher.hash(password), hasher.hash(password)]);
    expect(one).toMatch(/^\$argon2id\$/);
    expect(parseOptions(one)).toMatchObject({ memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    expect(one).not.toBe(other);
    expect(await hasher.verify({ hash: one, password })).toBe(true);
    expect(await hasher.verify({ hash: one, password: `${password} ` })).toBe(false);
  });

  test('knows a password however it was typed', async () => {
    const hasher = createPasswordHasher({ concurrency: 1, queue: 0 });
    const hash = await hasher.hash('Z\u00fcrich am See');
    expect(await hasher.verify({ hash, password: 'Zu\u0308rich am See' })).toBe(true);
  });

  test('runs no more than so many at once, and lets no more than so many wait', async () => {
    let most = 0;
    const ran: string[] = [];
    const hasher = createPasswordHasher({
      concurrency: 2,
      queue: 3,
      onRun: (operation) => {
        ran.push(operation);
        most = Math.max(most, hasher.stats().running);
      },
    });
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => hasher.hash(password)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    const refused = all
      .filter((one) => one.status === 'rejected')
      .map(({ reason }) => [reason.code, reason.retryAfter]);
    expect(refused).toEqual(Array.from({ length: 3 }, () => ['overloaded', 1]));
    expect(ran.filter((operation) => operation === 'refused')).toHaveLength(3);
    expect(most).toBe(2);
    expect(hasher.stats()).toEqual({ running: 0, waiting: 0 });
  });

  test('gives its place back when it fails', async () => {
    const hasher = createPasswordHasher({ concurrency: 1, queue: 1 });
    await expect(hasher.verify({ hash: 'no hash', password })).rejects.toThrow();
    expect(hasher.stats()).toEqual({ running: 0, waiting: 0 });
    expect(await hasher.hash(password)).toMatch(/^\$argon2id\$/);
  });
});
