import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseDemoPassword, isLoopback } from '../src/secrets.ts';
import { PASSWORD } from '../src/seed/accounts.ts';
import { welcomeBanner } from '../src/welcome-banner.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tradepost-secrets-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
const newFile = () => join(folder, `password-${files++}`);

describe('the password of the demo accounts', () => {
  test('is the known one where only this machine reaches the shop', async () => {
    const file = newFile();
    const choice = await chooseDemoPassword({ file, host: '127.0.0.1', isSeeded: false });
    expect(choice).toEqual({ password: PASSWORD, file: undefined, isNew: true });
    expect(await chooseDemoPassword({ file, host: 'localhost', isSeeded: true })).toMatchObject({ password: PASSWORD });
  });

  test.each(['0.0.0.0', '::', '192.168.1.20', 'shop.example', '128.0.0.1', '127.evil.example'])(
    'is random on %s, kept for its owner, and printed once',
    async (host) => {
      const file = newFile();
      const first = await chooseDemoPassword({ file, host, isSeeded: false });
      expect(first).toMatchObject({ file, isNew: true });
      expect(first.password).toMatch(/^[\w-]{16}$/);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const later = await chooseDemoPassword({ file, host, isSeeded: true });
      expect(later).toEqual({ ...first, isNew: false });
      // The accounts have it, wherever the shop listens next.
      expect(await chooseDemoPassword({ file, host: '127.0.0.1', isSeeded: true })).toEqual(later);
      const screen = (demoPassword: typeof first) => welcomeBanner({ url: 'http://x', logFile: 'x', demoPassword });
      expect(screen(first).split(first.password)).toHaveLength(2);
      expect(screen(later)).not.toContain(first.password);
      expect(screen(later)).toContain(file);
      expect(screen(first)).not.toContain(PASSWORD);
      expect((await readFile(file, 'utf8')).trim()).toBe(first.password);
    },
  );

  test('is not the known one for others, of a shop that was made for this machine alone', async () => {
    const file = newFile();
    await chooseDemoPassword({ file, host: '127.0.0.1', isSeeded: false });
    const others = chooseDemoPassword({ file, host: '0.0.0.0', isSeeded: true });
    await expect(others).rejects.toThrow(/a password that everybody knows[\s\S]*--fresh/);
    // A shop of an earlier version kept no file.
    await expect(chooseDemoPassword({ file: newFile(), host: '0.0.0.0', isSeeded: true })).rejects.toThrow('--fresh');
    const known = newFile();
    await writeFile(known, `${PASSWORD}\n`);
    await expect(chooseDemoPassword({ file: known, host: '::', isSeeded: false })).rejects.toThrow('--fresh');
  });
});

test('what only this machine reaches', () => {
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1']) expect(isLoopback(host)).toBe(true);
});
