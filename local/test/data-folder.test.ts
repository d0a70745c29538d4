import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDataFolder } from '../src/data-folder.ts';
import { StartFailure } from '../src/failure.ts';
import { loadOrCreateSecrets } from '../src/secrets.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tradepost-folder-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('the data folder', () => {
  test('is made, and found again with what is in it', async () => {
    const path = join(root, 'a', 'data');
    const first = await openDataFolder(path, { fresh: false });
    expect(await first.isDone('demo')).toBe(false);
    await first.markDone('demo');
    await first.release();
    const second = await openDataFolder(path, { fresh: false });
    expect(await second.isDone('demo')).toBe(true);
    await second.release();
  });

  test('is emptied when it is to be fresh', async () => {
    const first = await openDataFolder(root, { fresh: false });
    await first.markDone('demo');
    const secrets = await loadOrCreateSecrets(first.secrets);
    await first.release();
    const second = await openDataFolder(root, { fresh: true });
    expect(await second.isDone('demo')).toBe(false);
    expect(await loadOrCreateSecrets(second.secrets)).not.toEqual(secrets);
    await second.release();
  });

  test.each([true, false])('is left alone when it has other things in it (fresh: %s)', async (fresh) => {
    await writeFile(join(root, 'thesis.txt'), 'the only copy');
    await expect(openDataFolder(root, { fresh })).rejects.toThrow(/has other things in it/);
    expect(await readdir(root)).toEqual(['thesis.txt']);
  });

  test.each([true, false])('is refused while another has it, who is named (fresh: %s)', async (fresh) => {
    const first = await openDataFolder(root, { fresh: false });
    await first.announce('http://localhost:8123');
    await first.markDone('demo');
    const second = openDataFolder(root, { fresh });
    await expect(second).rejects.toThrow(StartFailure);
    await expect(second).rejects.toThrow(`at http://localhost:8123 (process ${process.pid})`);
    expect(await first.isDone('demo')).toBe(true);
    await first.release();
  });

  test('is refused when a newer version has written it', async () => {
    await writeFile(join(root, 'tradepost-data.json'), '{"layout":99}');
    await expect(openDataFolder(root, { fresh: false })).rejects.toThrow(/newer Tradepost/);
  });

  test('is no file', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(openDataFolder(join(root, 'file'), { fresh: false })).rejects.toThrow(StartFailure);
  });
});

describe('the secrets', () => {
  test('are made once, for their owner alone', async () => {
    const file = join(root, 'secrets.json');
    const made = await loadOrCreateSecrets(file);
    expect(made.AUTH_SECRET.length).toBeGreaterThanOrEqual(32);
    expect(made.MAIL_KEY).not.toBe(made.AUTH_SECRET);
    expect(await loadOrCreateSecrets(file)).toEqual(made);
    await writeFile(file, JSON.stringify({ AUTH_SECRET: made.AUTH_SECRET }));
    const completed = await loadOrCreateSecrets(file);
    expect(completed.AUTH_SECRET, 'what is there stays').toBe(made.AUTH_SECRET);
    expect(await loadOrCreateSecrets(file)).toEqual(completed);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });
});
