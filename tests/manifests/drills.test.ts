import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeSecrets } from '../../k8s/secrets.ts';
import { openInProcess, type Shop } from '../e2e/shop.ts';
import { openCuttableLine } from './cuttable-line.ts';
import { expectedCalls, resultsOf, runDrills } from './drill-run.ts';
import type { KubeObject } from './objects.ts';
import { repository } from './rendering.ts';
import { podRules } from './rules-of-pods.ts';
import { unknownFields, violations } from './schemas.ts';

/** The drills as anybody runs them, on a stand-in for the cluster (fake-kubectl.sh) and with shoppers in a real shop. */
describe.runIf(process.platform === 'linux')('drills', () => {
  let shop: Shop;
  let folder: string;
  let fake: string;
  let line: Awaited<ReturnType<typeof openCuttableLine>>;
  beforeAll(async () => {
    shop = await openInProcess();
    line = await openCuttableLine(Number(new URL(shop.site.gatewayUrl).port));
    // Within the repository, where its modules are found, and out of the way of secrets that are meant.
    mkdirSync(path.join(repository, '.tradepost'), { recursive: true });
    folder = mkdtempSync(path.join(repository, '.tradepost/drills-'));
    const filter = (file: string) => path.basename(file) !== 'made-by-npm-run-secrets';
    for (const part of ['k8s', 'images']) {
      cpSync(path.join(repository, part), path.join(folder, part), { recursive: true, filter });
    }
    fake = path.join(folder, 'fake');
    mkdirSync(fake);
    cpSync(path.join(import.meta.dirname, 'fake-kubectl.sh'), path.join(fake, 'kubectl'));
    chmodSync(path.join(fake, 'kubectl'), 0o755);
  });
  afterAll(async () => {
    await line?.close();
    await shop?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    writeFileSync(path.join(fake, 'calls'), '');
    writeFileSync(path.join(fake, 'label'), 'allowed');
    writeFileSync(path.join(fake, 'nodes'), 'node/node-1\nnode/node-2\n');
  });

  const calls = () => readFileSync(path.join(fake, 'calls'), 'utf8').trim().split('\n');
  const run = (...args: string[]) =>
    runDrills(path.join(folder, 'k8s/drills/run.ts'), args, {
      PATH: `${fake}:${path.dirname(process.execPath)}:${process.env.PATH}`,
      FAKE: fake,
      GATEWAY: `http://127.0.0.1:${line.port}`,
      GRANT: path.join(repository, 'services/auth/src/grant-role.ts'),
      DATABASE_URL: shop.databases.auth.url,
    });
  const there = ['--context', 'test', '--namespace', 'tradepost-dev'];
  /** Without what the shoppers need. */
  const disturbances = () => calls().filter((call) => !/drill-shoppers|^get|grant|^apply --filename/.test(call));

  it('refuse a namespace that is not labelled for them, and touch nothing', async () => {
    for (const label of ['', 'forbidden']) {
      writeFileSync(path.join(fake, 'label'), label);
      const { code, error } = await run('pod-kill', ...there);
      expect(code).toBe(1);
      expect(error).toContain('kubectl label namespace tradepost-dev tradepost.example/drills=allowed');
    }
    expect(calls().filter((call) => !call.startsWith('get namespace tradepost-dev'))).toEqual([]);
  });

  it('say what there is, and what is missing', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    expect([...out.matchAll(/^ {2}([a-z-]+) +[a-z]/gm)].map(([, name]) => name)).toEqual([
      'rollout-under-load',
      'pod-kill',
      'node-drain',
      'broker-node-loss',
      'database-restart',
      'password-rotation',
      'restore',
      'all',
    ]);
    for (const wrong of [
      ['everything', ...there],
      ['pod-kill', '--context', 'test'],
      ['pod-kill', ...there, '--calm', 'so'],
    ])
      expect((await run(...wrong)).code).toBe(2);
  });

  it('all run one after another while shoppers buy, without a loss for them', async () => {
    writeSecrets(path.join(folder, 'k8s'), 'dev', 'make');
    const { code, out, error } = await run('all', ...there, '--calm', '0.4');
    expect(error).toBe('');
    const rows = resultsOf(out);
    expect(rows.size).toBe(7);
    for (const [name, [requests, failures, accepted, settled, lost]] of rows) {
      if (name === 'restore') continue;
      expect([failures, lost], name).toEqual(['0', '0']);
      expect(Number(accepted), name).toBeGreaterThan(3);
      expect(Number(requests), name).toBeGreaterThan(Number(accepted));
      expect(settled, name).toBe(accepted);
    }
    expect(rows.get('restore')).toEqual(['–', '–', '–', '–', '–']);
    expect(code).toBe(0);
    expect(disturbances().map((call) => call.replace(/(drill-\w+)-[a-z0-9]+/, '$1-N'))).toEqual(expectedCalls(folder));
    expect(existsSync(path.join(fake, 'pid'))).toBe(false);
  });

  it('count what the shoppers notice', async () => {
    const cut = setInterval(() => {
      const said = calls();
      const isOver = said.some((call) => call.startsWith('exec drill-shoppers'));
      if (said.includes('rollout restart statefulset/product-db') && !isOver) line.cut();
    }, 20);
    const { code, out } = await run('database-restart', ...there, '--calm', '1');
    clearInterval(cut);
    const [, failures, accepted, settled, lost] = resultsOf(out).get('database-restart') ?? [];
    expect(Number(failures)).toBeGreaterThan(0);
    expect(out).toMatch(/^ {2}failed: \S+ (order|page, new connection): /m);
    expect([settled, lost]).toEqual([accepted, '0']);
    expect(code).toBe(1);
  });

  it('continue with the next when one cannot be run, and do not call that a success', async () => {
    writeFileSync(path.join(fake, 'nodes'), 'node/node-1\n');
    const { code, error, out } = await run('node-drain', ...there, '--calm', '0');
    expect(error).toContain('one node');
    expect(resultsOf(out).get('node-drain')).toEqual(['not held']);
    expect(code).toBe(1);
    // Before anything is started.
    expect(calls().filter((call) => !call.startsWith('get '))).toEqual([]);
  });

  it('send shoppers that conform, and fit Pod Security restricted', async () => {
    const list: { items: KubeObject[] } = JSON.parse(readFileSync(path.join(fake, 'shoppers.json'), 'utf8'));
    expect(await violations(list.items)).toEqual([]);
    expect(unknownFields(list.items)).toEqual([]);
    expect(list.items.map(({ kind }) => kind)).toEqual(['NetworkPolicy', 'NetworkPolicy', 'Pod']);
    // As if a Job had made the pod, which is what the rules look at.
    const [, , pod] = list.items;
    const job = { ...pod, apiVersion: 'batch/v1', kind: 'Job', spec: { template: pod } } as KubeObject;
    for (const name of ['pods are fit for Pod Security restricted', 'every container requests CPU, memory']) {
      expect(podRules.find((rule) => rule.name.startsWith(name))?.check([job]), name).toEqual([]);
    }
  });
});
