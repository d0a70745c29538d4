import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildOnce } from '../web/build-once.ts';

let builds: string;
let made: string[];
beforeEach(async () => {
  builds = await mkdtemp(path.join(tmpdir(), 'tradepost-builds-'));
  made = [];
});
afterEach(() => rm(builds, { recursive: true }));

const build = (alsoDependsOn: string) =>
  buildOnce({
    ...{ builds, sources: ['package.json'], alsoDependsOn },
    build: async (folder) => {
      made.push(alsoDependsOn);
      await writeFile(path.join(folder, 'result'), alsoDependsOn);
    },
  });

test('the same sources are built once, others again', async () => {
  const [one, again, other] = [await build('a'), await build('a'), await build('b')];
  expect(made).toEqual(['a', 'b']);
  expect([one.fresh, again.fresh]).toEqual([true, false]);
  expect(again.folder).toBe(one.folder);
  expect(other.folder).not.toBe(one.folder);
});

test('two that build the same at once get one folder', async () => {
  const [one, other] = await Promise.all([build('a'), build('a')]);
  expect(one.folder).toBe(other.folder);
  expect(await readdir(builds)).toHaveLength(1);
});

test('a build that fails leaves nothing behind, and the next one is made', async () => {
  const options = { builds, sources: ['package.json'] };
  const failing = buildOnce({ ...options, build: () => Promise.reject(new Error('no room')) });
  await expect(failing).rejects.toThrow('no room');
  expect(await readdir(builds)).toEqual([]);
  expect((await buildOnce({ ...options, build: async () => undefined })).fresh).toBe(true);
});

test('builds that nobody has used for hours are removed, but for the newest', async () => {
  const folders: string[] = [];
  for (const name of ['a', 'b', 'c', 'd', 'e']) folders.push((await build(name)).folder);
  for (const [n, folder] of folders.entries()) {
    const at = new Date(Date.now() - (12 - n) * 3600 * 1000);
    await utimes(folder, at, at);
  }
  await build('a');
  await build('new');
  expect(folders.map((folder) => existsSync(folder))).toEqual([true, false, false, false, true]);
});
