import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

type LockedPackage = { version?: string; link?: boolean; optional?: boolean; os?: string[]; cpu?: string[] };
type Packages = Record<string, LockedPackage>;

const other = process.platform === 'linux' ? 'darwin' : 'linux';
const locked: Packages = {
  '': {},
  'packages/own': { version: '0.1.0' },
  'node_modules/own': { link: true },
  'node_modules/node': { version: '26.10.0' },
  'node_modules/some': { version: '1.2.3' },
  'node_modules/some/node_modules/nested': { version: '4.5.6' },
  'node_modules/native-here': { version: '1.0.0', optional: true, os: [process.platform], cpu: [process.arch] },
  'node_modules/native-elsewhere': { version: '1.0.0', optional: true, os: [other] },
};

describe('what runs before every verb', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  /** A repository in which npm has installed these packages, without `tools/run.mjs`. */
  function repository(installed: Packages): { run: () => string; npmRuns: () => number; folder: string } {
    const folder = mkdtempSync(path.join(tmpdir(), 'tradepost-run-'));
    folders.push(folder);
    const write = (file: string, text: string) => {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    };
    mkdirSync(path.join(folder, 'tools'));
    copyFileSync(path.join(import.meta.dirname, 'run.mjs'), path.join(folder, 'tools/run.mjs'));
    write('package-lock.json', JSON.stringify({ packages: locked }));
    write('hello.mjs', 'console.log("hello")');
    write('npm.js', 'require("node:fs").appendFileSync("npm-runs", "x")');
    write('node_modules/.package-lock.json', JSON.stringify({ packages: installed }));
    for (const name of Object.keys(installed)) mkdirSync(path.join(folder, name), { recursive: true });
    mkdirSync(path.join(folder, 'node_modules/node/bin'), { recursive: true });
    symlinkSync(process.execPath, path.join(folder, 'node_modules/node/bin/node'));
    return {
      folder,
      run: () =>
        spawnSync(process.execPath, [path.join(folder, 'tools/run.mjs'), 'hello.mjs'], {
          cwd: folder,
          encoding: 'utf8',
          env: { PATH: process.env.PATH, npm_execpath: path.join(folder, 'npm.js') },
        }).stdout,
      npmRuns: () => {
        try {
          return readFileSync(path.join(folder, 'npm-runs'), 'utf8').length;
        } catch {
          return 0;
        }
      },
    };
  }

  const without = (...names: string[]): Packages =>
    Object.fromEntries(Object.entries(locked).filter(([name]) => name !== '' && !names.includes(name)));

  it('installs nothing after `npm ci`, which has left out what is for another platform', () => {
    const { run, npmRuns } = repository(without('node_modules/native-elsewhere'));
    expect(run()).toBe('hello\n');
    expect(run()).toBe('hello\n');
    expect(npmRuns()).toBe(0);
  });

  it.each([
    'node_modules/some',
    'node_modules/some/node_modules/nested',
    'node_modules/native-here',
    'node_modules/own',
  ])('installs once where %s is missing', (name) => {
    const { run, npmRuns } = repository(without(name));
    expect([run(), run()]).toEqual(['hello\n', 'hello\n']);
    expect(npmRuns()).toBe(1);
  });

  it('installs what has another version', () => {
    const { run, npmRuns } = repository({ ...without(), 'node_modules/some': { version: '1.2.2' } });
    run();
    expect(npmRuns()).toBe(1);
  });

  it('installs again when a folder was deleted after npm had installed it', () => {
    const { run, npmRuns, folder } = repository(without());
    rmSync(path.join(folder, 'node_modules/some'), { recursive: true });
    run();
    expect(npmRuns()).toBe(1);
  });

  it('installs again when the lock file has changed', () => {
    const { run, npmRuns, folder } = repository(without());
    run();
    const changed = { ...locked, 'node_modules/added': { version: '1.0.0' } };
    writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify({ packages: changed }));
    run();
    expect(npmRuns()).toBe(1);
  });
});
