import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removePostgres } from '@tradepost/postgres/embedded';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoCatalogue, PICTURES_FOLDER } from '../src/demo-catalogue.ts';
import { signIn } from '../src/health-check.ts';
import { customer, demoAccounts, PASSWORD } from '../src/seed/accounts.ts';
import type { Api } from '../src/seed/api.ts';
import { databasePid, isAlive, printedCommands, type ShopProcess, startProcess } from './shop-process.ts';

const run = promisify(execFile);
let root: string;
let data: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tradepost-local-'));
  // For root, PostgreSQL runs as another user, who has to pass.
  await chmod(root, 0o711);
  data = join(root, 'data');
});
afterAll(async () => {
  for (const one of started) one.kill('SIGKILL');
  await Promise.all(started.map((one) => one.exit));
  for (const name of await readdir(root)) await removePostgres(join(root, name, 'postgres'));
  await rm(root, { recursive: true, force: true });
});

const started: ShopProcess[] = [];
/** The one that is open. */
let shop: ShopProcess | undefined;

/** Starts one on a data folder, which is ended with the tests. */
function start(dataFolder: string, o?: Parameters<typeof startProcess>[1]): ShopProcess {
  const one = startProcess(dataFolder, o);
  started.push(one);
  return one;
}

async function open(args: string[] = []) {
  shop = start(data, { args });
  return { process: shop, ...(await shop.ready()) };
}

async function items(api: Api, path: string, token?: string): Promise<Record<string, unknown>[]> {
  const { body } = await api('GET', path, token === undefined ? {} : { token });
  if (!Array.isArray(body.items)) throw new Error(`${path} answered ${JSON.stringify(body)}`);
  return body.items;
}

async function tokenOf(api: Api, email: string): Promise<string> {
  const { body } = await signIn(api, { email, password: PASSWORD });
  if (typeof body.token !== 'string') throw new Error(`${email} cannot sign in: ${JSON.stringify(body)}`);
  return body.token;
}

describe('npm start', () => {
  test('is completed by the next start when it is killed while it fills the shop', async () => {
    const first = start(data);
    await first.says(/Services/);
    first.kill('SIGKILL');
    await first.exit;
    expect(first.output()).not.toContain('ready');
    expect(await databasePid(data)).toBeDefined();

    const { process, api } = await open();
    expect(process.output()).toContain('was left running');
    const products = await items(api, '/api/v1/products?limit=100');
    expect(products.map(({ slug }) => slug).sort()).toEqual(demoCatalogue.products.map(({ slug }) => slug).sort());
    for (const { email } of demoAccounts) await tokenOf(api, email);
    const { body: rules } = await api('GET', '/api/v1/shop');
    expect(rules).toMatchObject({ taxIncluded: true, shippingMethods: { length: 6 } });
  });

  test('prints commands that buy something', async () => {
    const { api } = await running();
    const { stdout } = await run('bash', ['-c', printedCommands(shop?.output() ?? '')]);
    const order: unknown = JSON.parse(stdout);
    expect(order).toMatchObject({ status: 'confirmed', total: { amount: 5500, currency: 'EUR' } });
    expect(order).toMatchObject({
      shippingMethod: { name: 'Standard' },
      shipping: { amount: 0 },
      tax: { amount: 878 },
    });
    const orders = await items(api, '/api/v1/orders', await tokenOf(api, customer.email));
    expect(orders).toHaveLength(1);
  });

  test('prints commands that work in zsh, too, as far as can be told without it', () => {
    const commands = printedCommands(shop?.output() ?? '');
    // A comment, a `!` or a bare `?` or `*` would mean something else there.
    expect(commands.replace(/'[^']*'/g, '')).not.toMatch(/[#!?*]|\[|=\(/);
  });

  test('shows the pictures and the API reference', async () => {
    const { url } = await running();
    for (const product of demoCatalogue.products.slice(0, 5)) {
      for (const { file } of product.pictures) {
        const response = await fetch(`${url}/media/demo/${file}`);
        expect(response.headers.get('content-type')).toContain('image/svg+xml');
        expect(await response.text()).toBe(await readFile(new URL(file, PICTURES_FOLDER), 'utf8'));
      }
    }
    expect((await fetch(`${url}/docs`)).status).toBe(200);
    const lamps = await fetch(`${url}/api/v1/products?q=lamp&inStock=true`);
    expect(await lamps.json()).toMatchObject({ items: expect.arrayContaining([expect.anything()]) });
  });

  test('says one line that it is ready, and logs to a file', async () => {
    await running();
    const lines = shop?.output().split('\n') ?? [];
    expect(lines.filter((line) => line.includes('ready'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('{'))).toEqual([]);
    const [log] = await readdir(join(data, 'logs'));
    expect(await readFile(join(data, 'logs', log ?? ''), 'utf8')).toContain('"service":"order"');
  });

  test.each([[], ['--fresh']])(
    'refuses a second copy on the same data, and says where the first is (%s)',
    async (...args) => {
      const { url } = await running();
      const second = start(data, { args });
      expect((await second.exit).code).toBe(1);
      expect(second.output()).toContain(`already running on ${data} at ${url} (process ${shop?.pid})`);
      expect((await fetch(`${url}/docs`)).status).toBe(200);
    },
  );

  test('refuses a port in use before it does anything, and says what to do', async () => {
    const { url } = await running();
    const { port } = new URL(url);
    const other = join(root, 'other');
    const second = start(other, { env: { PORT: port } });
    expect((await second.exit).code).toBe(1);
    expect(second.output()).toMatch(new RegExp(`Port ${port} is in use by another program.*PORT=\\d+ npm start`));
    expect(await readdir(other)).not.toContain('postgres');
  });

  test('refuses a setting that is no good, and stops what it has started', async () => {
    const other = join(root, 'settings');
    const second = start(other, { env: { RATE_LIMIT_SIGN_IN: 'often' } });
    expect((await second.exit).code).toBe(1);
    expect(second.output()).toContain('RATE_LIMIT_SIGN_IN');
    expect(await databasePid(other)).toBeUndefined();
  });

  test.each(['--frsh', 'fresh'])('refuses %s, and names it', async (option) => {
    const second = start(join(root, 'unused'), { args: [option] });
    expect((await second.exit).code).toBe(2);
    expect(second.output()).toContain(`Unknown option: ${option}`);
  });

  test('explains itself', async () => {
    const help = start(join(root, 'unused'), { args: ['--help'] });
    expect((await help.exit).code).toBe(0);
    for (const word of ['--fresh', 'PORT', 'HOST', 'TRADEPOST_DATA', 'LOG_LEVEL'])
      expect(help.output()).toContain(word);
    expect(await readdir(root)).not.toContain('unused');
  });

  test('leaves nothing behind when it is stopped, even by a signal that comes twice', async () => {
    await running();
    const database = await databasePid(data);
    expect(database).toBeDefined();
    shop?.kill('SIGINT');
    shop?.kill('SIGTERM');
    expect(await shop?.exit).toEqual({ code: 0, signal: null });
    expect(shop?.output()).toContain('Stopping');
    // Its own file says that it has ended, a moment before it is gone.
    await until(() => !isAlive(database ?? 0), { what: 'PostgreSQL to be gone' });
    expect(await readdir(data)).not.toContain('running.json');
  });

  test('keeps what it had, and gives up a start that is stopped', async () => {
    const stopped = start(data);
    await stopped.says(/Database/);
    stopped.kill('SIGTERM');
    expect(await stopped.exit).toEqual({ code: 0, signal: null });
    expect(await databasePid(data)).toBeUndefined();

    const { process, api } = await open();
    expect(process.output()).toContain('as it was left');
    expect(await items(api, '/api/v1/orders', await tokenOf(api, customer.email))).toHaveLength(1);
    process.kill('SIGTERM');
    await process.exit;
  });

  test('begins again with --fresh, but not in a folder of somebody else’s', async () => {
    const { process, api } = await open(['--fresh']);
    expect(await items(api, '/api/v1/orders', await tokenOf(api, customer.email))).toEqual([]);
    expect(await items(api, '/api/v1/products?limit=100')).toHaveLength(demoCatalogue.products.length);
    process.kill('SIGTERM');
    expect((await process.exit).code).toBe(0);

    const precious = await mkdtemp(join(root, 'precious-'));
    await writeFile(join(precious, 'thesis.txt'), 'the only copy');
    const refused = start(precious, { args: ['--fresh'] });
    expect((await refused.exit).code).toBe(1);
    expect(refused.output()).toContain('has other things in it');
    expect(await readdir(precious)).toEqual(['thesis.txt']);
  });
});

/** The shop that the tests before have opened. */
async function running() {
  if (!shop) throw new Error('no shop was opened');
  return shop.ready();
}
