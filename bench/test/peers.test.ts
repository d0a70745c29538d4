import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { HELP, readOptions } from '../src/options.ts';
import { installPeer, installProblem } from '../src/peers/install.ts';
import { type PeerFigures, peersTable } from '../src/peers/table.ts';

const figures = (one: Partial<PeerFigures>): PeerFigures => ({
  ...{ name: 'Tradepost', version: undefined, requests: 1, cpuMs: 0.2, ratio: 1, cpuByPart: {} },
  ...{ throughput: 4000, p50Ms: 3.14, p99Ms: 9, operations: 100, repetitions: [] },
  ...one,
});

it('has a row for each kind and a column for each shop, with the ratio to Tradepost', () => {
  const cached = figures({ name: 'Tradepost without cache', cpuMs: 0.4, ratio: 2, throughput: 2000, p50Ms: 6 });
  const other = figures({ name: 'Shop', version: '1.2.3', cpuMs: 7.5, ratio: 37.5, throughput: 99.6, p50Ms: 160.4 });
  const buyer = { ...other, cpuMs: 132, ratio: 33, requests: 5, throughput: 2.25, p50Ms: 7000 };
  const table = peersTable([
    { kind: 'read', connections: 16, shops: [figures({}), cached, other] },
    { kind: 'purchase', connections: 8, shops: [figures({ cpuMs: 4 }), buyer] },
  ]);
  expect(table.split('\n')).toEqual([
    '| CPU-ms an operation | at once | Tradepost | Tradepost without cache | Shop 1.2.3 | requests of each | a second | p50 ms |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    '| read | 16 | 0.200 | 0.400 (2.0 ×) | 7.50 (37.5 ×) | 1, 1, 1 | 4000, 2000, 100 | 3.1, 6.0, 160 |',
    '| purchase | 8 | 4.00 | – | 132.00 (33.0 ×) | 1, 5 | 4000, 2.3 | 3.1, 7000 |',
  ]);
  expect(peersTable([])).toBe('');
});

it('measures other shops only when it is asked to', () => {
  expect(readOptions([])?.peers).toBe(false);
  const options = readOptions(['--peers', '--only', 'purchase,read', '--products', '200']);
  expect(options).toMatchObject({ peers: true, only: ['read', 'purchase'], products: [200] });
  expect(HELP).toContain('--peers');
});

it('refuses kinds of operations that other shops do not have', () => {
  expect(() => readOptions(['--peers', '--only', 'read,gatewayHop'])).toThrow(
    '--peers: gatewayHop is none of read, list, search, purchase',
  );
});

it('says that the registry was not reached, and leaves nothing half installed', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'tradepost-peers-test-'));
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:1');
  vi.stubEnv('npm_config_fetch_retries', '0');
  vi.stubEnv('npm_config_cache', path.join(folder, 'npm'));
  try {
    const cache = path.join(folder, 'peers');
    const said: string[] = [];
    const installed = installPeer('vendure', { cache, onProgress: (what) => said.push(what) });
    await expect(installed).rejects.toThrow('The npm registry was not reached');
    expect(said).toEqual([expect.stringContaining('installing vendure')]);
    expect(await readdir(cache)).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  }
  expect(installProblem('vendure', 'npm error code ETARGET')).toMatch(/^npm could not install vendure\.\n/);
});
