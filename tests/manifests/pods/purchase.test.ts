import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { sharedResource } from '@tradepost/testing/shared-resources';
import { type Answer, type Shopper, type Site, sendRequest, signUp } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadResult } from '../../../k8s/drills/load.ts';
import { bundleLoad } from '../../../k8s/drills/shoppers.ts';
import { kubectlIsThere, repository } from '../rendering.ts';
import { type Pods, runOverlay, serviceNames } from './cluster.ts';
import { canRunContainers } from './container.ts';

const possible = kubectlIsThere() && canRunContainers();
if (!possible) console.warn('\n  Not root on Linux with control groups: THE MANIFESTS ARE NOT RUN AS PODS\n');

/** The bundles with the environment, user, volumes, read-only root and memory limits of the dev overlay, and no more. */
describe.runIf(possible)('pods as the manifests have them', () => {
  let pods: Pods;
  let site: Site;
  let seller: Shopper;
  const sku = 'MANIFEST-MUG';
  const query = (database: string, sql: string) => {
    const { status, output } = pods
      .get(database)
      .container.exec(['psql', '-h', '/var/run/postgresql', '-U', 'postgres', '-d', 'app', '-qtAc', sql]);
    expect(status, output).toBe(0);
    return output.trim();
  };
  const buys = async (who: Shopper) => {
    const answer = await who.buy([{ sku, quantity: 1 }], { prefer: 'wait=20' });
    return [answer.status, answer.body.status];
  };

  beforeAll(async () => {
    pods = await runOverlay(await sharedResource('bundles'));
    site = { gatewayUrl: `http://${pods.get('api-gateway').address}:8080` };
    seller = await until(() => signUp(site), { what: 'signing up' });
    const grant = pods.get('auth').container.exec(['node', '/app/src/service.mjs', 'grant', seller.email, 'seller']);
    expect(grant.status, grant.output).toBe(0);
    const body = {
      title: 'Mug',
      description: 'Holds tea.',
      variants: [{ sku, price: { amount: 1250, currency: 'EUR' }, stock: 100 }],
    };
    const made = await seller.call('POST', '/api/v1/products', { body, headers: { 'idempotency-key': sku } });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
  });
  afterAll(() => pods?.stop());

  it('sell something', async () => {
    const shopper = await signUp(site);
    await until(async () => (await buys(shopper))[1] === 'confirmed', { what: 'an order to be confirmed' });
  });

  it('serve the shoppers of the drills, who lose nothing', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'tradepost-load-'));
    await bundleLoad(path.join(folder, 'load.mjs'));
    const ordersPlaced = () => Number(query('order-db', 'select count(*) from orders'));
    const load = spawn(process.execPath, [path.join(folder, 'load.mjs'), site.gatewayUrl, path.join(folder, 'end')]);
    let result: LoadResult | undefined;
    const ended = new Promise((resolve) => load.once('exit', resolve));
    createInterface(load.stdout).on('line', (line) => {
      const said: { seller?: string; shopping?: boolean; result?: LoadResult } = JSON.parse(line);
      if (said.seller) {
        pods.get('auth').container.exec(['node', '/app/src/service.mjs', 'grant', said.seller, 'seller']);
      }
      if (said.shopping) {
        const before = ordersPlaced();
        void until(() => ordersPlaced() > before + 4).then(() => writeFileSync(path.join(folder, 'end'), ''));
      }
      result = said.result ?? result;
    });
    expect(await ended).toBe(0);
    rmSync(folder, { recursive: true });
    expect(result).toMatchObject({ failures: 0, lost: 0, examples: [] });
    expect(result?.accepted).toBeGreaterThan(4);
    expect(result?.settled).toBe(result?.accepted);
  });

  it('expose the metrics that alerts and dashboards are about', async () => {
    const exposed = new Set<string>();
    for (const name of serviceNames) {
      const text = await (await fetch(`http://${pods.get(name).address}:9090/metrics`)).text();
      for (const [, metric = ''] of text.matchAll(/^# TYPE (\S+)/gm)) exposed.add(metric);
    }
    const folder = path.join(repository, 'k8s/components/monitoring');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(json|yaml)$/.test(file),
    );
    const text = files.map((file) => readFileSync(path.join(folder, file), 'utf8')).join('\n');
    const wanted = new Set(
      [...text.matchAll(/\b(?:tradepost|process|nodejs)_[a-z0-9_]+/g)].map(([name]) =>
        name.replace(/_(bucket|sum|count)$/, ''),
      ),
    );
    expect([...wanted].filter((name) => !exposed.has(name))).toEqual([]);
  });

  it('run as the user that the manifests say, without capabilities, and write nowhere but where they may', () => {
    for (const name of [...serviceNames, 'order-db', 'rabbitmq']) {
      const { container } = pods.get(name);
      const status = readFileSync(`/proc/${container.pid()}/status`, 'utf8');
      const id = name === 'order-db' || name === 'rabbitmq' ? '999' : '65532';
      expect(/^Uid:\t(\d+)/m.exec(status)?.[1], name).toBe(id);
      expect(/^CapEff:\t(\w+)/m.exec(status)?.[1], name).toBe('0000000000000000');
      expect(/^NoNewPrivs:\t(\d)/m.exec(status)?.[1], name).toBe('1');
    }
    const write = (folder: string) =>
      pods.get('order').container.exec(['node', '-e', `require('node:fs').writeFileSync('${folder}/x', '')`]).status;
    expect([write('/app'), write('/app/src'), write('/usr'), write('')]).toEqual([1, 1, 1, 1]);
    expect(write('/tmp')).toBe(0);
  });

  it('keep tables with the owner, whom nobody signs in as', () => {
    expect(query('order-db', "select distinct tableowner from pg_tables where schemaname = 'public'")).toBe('app');
    expect(query('order-db', 'select rolname from pg_roles where rolsuper and rolcanlogin')).toBe('postgres');
    expect(query('order-db', 'show data_checksums')).toBe('on');
    expect(query('order-db', 'show password_encryption')).toBe('scram-sha-256');
    expect(
      query(
        'order-db',
        "select string_agg(distinct usename, ',') from pg_stat_activity where application_name like 'order%'",
      ),
    ).toBe('app_blue');
  });

  /** A browser's sign-in at one pod of auth: its cookie, signed with what that pod signs with. */
  const cookieFrom = async (pod: string): Promise<string> => {
    const { email } = await signUp(site);
    const answer = await fetch(`http://${pods.get(pod).address}:8080/api/v1/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: 'correct horse battery' }),
    });
    expect(answer.status, await answer.text()).toBe(200);
    return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  };
  /** What a pod of auth makes of a cookie: a session, and a token that its keys sign. */
  const believes = async (pod: string, cookie: string): Promise<boolean> => {
    const url = `http://${pods.get(pod).address}:8080/api/v1/auth/token`;
    const answer = await fetch(url, { headers: { cookie } });
    return answer.status === 200;
  };
  const cookies: string[] = [];

  it('change their credentials while orders are placed, and none fails', async () => {
    const shopper = await signUp(site);
    const placed: Answer[] = [];
    let over = false;
    const shopping = (async () => {
      while (!over) placed.push(await shopper.buy([{ sku, quantity: 1 }], { prefer: 'wait=20' }));
    })();
    pods.renew('rotate');
    await pods.run(/^order-db-roles/);
    // The broker is restarted with the new users, as its StatefulSet does; orders are accepted meanwhile.
    await pods.get('rabbitmq').stop();
    await pods.run('rabbitmq');
    // A new pod with the new login beside the old one; then the old one goes.
    const fresh = await pods.run('order', 'order-new');
    expect(fresh.readyAfterMs).toBeGreaterThan(0);
    await until(() => query('order-db', "select count(*) from pg_stat_activity where usename = 'app_green'") !== '0');
    // Old and new pods of auth believe what the other signs.
    cookies.push(await cookieFrom('auth'));
    await pods.run(/^auth-db-roles/);
    await pods.run('auth', 'auth-new');
    cookies.push(await cookieFrom('auth-new'));
    for (const pod of ['auth', 'auth-new'])
      for (const cookie of cookies) expect(await believes(pod, cookie), pod).toBe(true);
    over = true;
    await shopping;
    expect(placed.length).toBeGreaterThan(0);
    // While the broker was unavailable, an order was accepted and decided later.
    for (const { status, body } of placed) {
      expect(status, JSON.stringify(body)).toBe(201);
      await until(async () => (await shopper.call('GET', `/api/v1/orders/${body.id}`)).body.status === 'confirmed');
    }
    expect(await pods.get('order-new').stop()).toBe(0);
  });

  it('take the right to sign in from the old login', async () => {
    pods.renew('retire');
    await pods.run(/^order-db-roles/);
    expect(query('order-db', "select rolname from pg_roles where rolname like 'app_%' and rolcanlogin")).toBe(
      'app_green',
    );
  });

  it('let auth sign with its new secret, while sessions and keys of the old one stay good', async () => {
    await pods.run(/^auth-db-roles/);
    await pods.run('auth', 'auth-newest');
    cookies.push(await cookieFrom('auth-newest'));
    for (const pod of ['auth-new', 'auth-newest'])
      for (const cookie of cookies) expect(await believes(pod, cookie), pod).toBe(true);
    // Not to the pods from before the rotation, which a rollout has long replaced.
    expect(await believes('auth', cookies[2] ?? '')).toBe(false);
    expect(pods.get('auth-newest').container.log()).not.toContain('cannot be decrypted');
  });

  it('stop with 0 on SIGTERM', async () => {
    const health = await sendRequest(site, 'GET', '/openapi.json');
    expect(health.status).toBe(200);
    for (const name of ['api-gateway', 'product', 'auth']) expect(await pods.get(name).stop(), name).toBe(0);
    expect(await pods.get('product-db').stop()).toBe(0);
  });
});
