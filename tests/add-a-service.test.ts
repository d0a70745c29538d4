import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { settingsForSlowMachines } from '@tradepost/testing/time-limits';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess } from '../local/test/shop-process.ts';

const root = path.resolve(import.meta.dirname, '..');
const guide = readFileSync(path.join(root, 'docs/guides/add-a-service.md'), 'utf8');

/** The files of the guide: a name in a line of its own, and the block that follows. */
const files = [...guide.matchAll(/^`(services\/wishlist\/[^`]+)`:\n\n```\w+\n([\s\S]*?)^```$/gm)];

/** The commands of the guide. */
const commands = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block).join('');

/** The commands of k8s/README.md that the guide refers to, without the last, which makes secrets. */
function kubernetesCommands(): string {
  const readme = readFileSync(path.join(root, 'k8s/README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('**Add a service**'));
  return (/```sh\n([\s\S]*?)```/.exec(section)?.[1] ?? '').split(/^(?=npm )/m)[0] ?? '';
}

/** A copy of the repository as it is now. Its packages are its own; those of others are the same files. */
function copyRepository(): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'tradepost-add-a-service-'));
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  for (const file of new Set(listed.stdout.split('\0'))) {
    if (file !== '' && existsSync(path.join(root, file))) cpSync(path.join(root, file), path.join(copy, file));
  }
  for (const folder of ['', ...readdirSync(path.join(root, 'packages')).map((name) => `packages/${name}`)]) {
    linkModules(path.join(root, folder, 'node_modules'), path.join(copy, folder, 'node_modules'));
  }
  for (const name of readdirSync(path.join(root, 'services'))) {
    linkModules(path.join(root, 'services', name, 'node_modules'), path.join(copy, 'services', name, 'node_modules'));
  }
  return copy;
}

function linkModules(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (name !== '@tradepost') symlinkSync(path.join(from, name), path.join(to, name));
  }
  const own = path.join(from, '@tradepost');
  if (!existsSync(own)) return;
  mkdirSync(path.join(to, '@tradepost'));
  for (const name of readdirSync(own)) {
    // Relative, and so the folder of the copy.
    symlinkSync(readlinkSync(path.join(own, name)), path.join(to, '@tradepost', name));
  }
}

describe('the page "Add a service"', () => {
  let copy: string;
  const run = (command: string, args: string[]): SpawnSyncReturns<string> =>
    spawnSync(command, args, { cwd: copy, encoding: 'utf8' });
  const succeed = (command: string, args: string[]) => {
    const { status, stdout, stderr } = run(command, args);
    expect(status, `${command} ${args.join(' ')}\n${stdout}\n${stderr}`).toBe(0);
  };

  beforeAll(() => {
    copy = copyRepository();
    for (const [, name = '', content = ''] of files) {
      mkdirSync(path.join(copy, path.dirname(name)), { recursive: true });
      writeFileSync(path.join(copy, name), content);
    }
    succeed('sh', ['-ec', `${kubernetesCommands()}${commands}`]);
    // In the place of `npm install`, which asks a registry.
    symlinkSync('../../services/wishlist', path.join(copy, 'node_modules/@tradepost/wishlist'));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('has files that are formatted, typed, and import only what they may', () => {
    succeed('git', ['init', '--quiet']);
    succeed('git', ['add', '--all']);
    succeed(process.execPath, ['tools/check.ts']);
  });

  it('has a test that passes', () => {
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'tests/vitest.config.ts', 'services/wishlist'];
    const { status, stdout, stderr } = run(process.execPath, vitest);
    expect(status, `${stdout}\n${stderr}`).toBe(0);
    expect(stdout).toMatch(/2 passed/);
  });

  it('leads to a shop that has wishes behind its gateway, with titles that come by events', async () => {
    const shop = startProcess(path.join(copy, '.tradepost'), {
      main: path.join(copy, 'local/src/main.ts'),
      env: settingsForSlowMachines,
    });
    try {
      const { url } = await shop.ready();
      const call = async (method: string, target: string, body?: object, token?: string) => {
        const headers = { ...(body && { 'content-type': 'application/json' }), ...(token && bearer(token)) };
        const response = await fetch(url + target, { method, headers, ...(body && { body: JSON.stringify(body) }) });
        // biome-ignore lint/suspicious/noExplicitAny: whatever the API answered; what is expected of it is said below.
        const answer: any = response.status === 204 ? undefined : await response.json();
        return { status: response.status, body: answer };
      };
      const account = { email: 'customer@tradepost.example', password: 'tradepost-demo' };
      const { token } = (await call('POST', '/api/v1/auth/sign-in/email', account)).body;
      const [product] = (await call('GET', '/api/v1/products?limit=1')).body.items;
      expect((await call('PUT', `/api/v1/wishlist/${product.id}`, undefined, token)).status).toBe(204);
      expect((await call('PUT', `/api/v1/wishlist/${product.id}`)).status).toBe(401);
      await until(async () => {
        const { items } = (await call('GET', '/api/v1/wishlist', undefined, token)).body;
        return items.length === 1 && items[0].title === product.title;
      });
    } finally {
      shop.kill('SIGTERM');
      await shop.exit;
    }
  });

  it('leads to a Kubernetes tree in which the gateway knows where it is', () => {
    const deployment = readFileSync(path.join(copy, 'k8s/base/api-gateway/deployment.yaml'), 'utf8');
    expect(deployment).toContain('{ name: WISHLIST_URL, value: "http://wishlist:8080" }');
    expect(existsSync(path.join(copy, 'k8s/base/wishlist/deployment.yaml'))).toBe(true);
  });
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
