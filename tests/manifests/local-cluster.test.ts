import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderOf } from '../../k8s/secret-files.ts';
import { repository } from './rendering.ts';

/** `npm run cluster` and `npm run build` with stand-ins for the programs that they drive: what they are told, and in which order. */
describe.runIf(process.platform === 'linux')('npm run cluster', () => {
  let root: string;
  let bin: string;
  beforeEach(() => {
    // Within the repository, where its modules are found, and out of the way of secrets that are meant.
    mkdirSync(path.join(repository, '.tradepost'), { recursive: true });
    root = mkdtempSync(path.join(repository, '.tradepost/cluster-'));
    const filter = (file: string) => path.basename(file) !== 'made-by-npm-run-secrets';
    for (const part of ['k8s', 'images', 'package.json'])
      cpSync(path.join(repository, part), path.join(root, part), { recursive: true, filter });
    for (const part of ['services', 'web']) symlinkSync(path.join(repository, part), path.join(root, part));
    bin = path.join(root, 'bin');
    mkdirSync(bin);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** Puts a program on the PATH that notes its arguments, and runs this besides. */
  const fake = (name: string, script = ''): void => {
    const file = path.join(bin, name);
    writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> '${root}/calls'\n${script}\n`);
    chmodSync(file, 0o755);
  };
  const run = (file: string, ...args: string[]) =>
    spawnSync(process.execPath, [path.join(root, file), ...args], {
      encoding: 'utf8',
      // Nothing of this machine's but the shell's own.
      env: { PATH: `${bin}:/usr/bin:/bin` },
    });
  const calls = (): string[] =>
    existsSync(path.join(root, 'calls')) ? readFileSync(path.join(root, 'calls'), 'utf8').trim().split('\n') : [];
  const services = ['api-gateway', 'auth', 'notification', 'order', 'product'];
  const images = services.map((service) => `ghcr.io/tradepost/${service}:0.1.0`);
  const builds = services.map((service) =>
    expect.stringMatching(
      new RegExp(
        `^docker buildx build --file images/Dockerfile --tag ghcr.io/tradepost/${service}:0.1.0 --build-arg SERVICE=${service} --build-arg VERSION=0.1.0 --build-arg REVISION=\\S+ --load \\.$`,
      ),
    ),
  );
  const deployed = (context: string): string[] => {
    const kubectl = `kubectl --context ${context}`;
    const rollout = (what: string) => `${kubectl} --namespace tradepost-dev rollout status ${what} --timeout=5m`;
    return [
      `${kubectl} apply --kustomize ${root}/k8s/overlays/dev`,
      `${kubectl} --namespace tradepost-dev rollout restart deployment`,
      ...['rabbitmq', ...services.map((name) => `${name}-db`)].map((name) => rollout(`statefulset/${name}`)),
      ...services.map((name) => rollout(`deployment/${name}`)),
    ];
  };

  it('says what it needs, when there is nothing', () => {
    const { status, stderr } = run('k8s/cluster.ts');
    expect(status).toBe(1);
    for (const needed of ['kind', 'k3d', 'docker or podman', 'npm start']) expect(stderr).toContain(needed);
    expect(calls().filter((call) => !/version|info/.test(call))).toEqual([]);
    expect(run('k8s/cluster.ts', '--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--delete') });
    expect(run('k8s/cluster.ts', '--remove').status).toBe(1);
  });

  it('makes a cluster of kind, builds, loads, applies, waits, and prints the address; then only what has changed', () => {
    fake(
      'kind',
      `[ "$*" != 'get clusters' ] || cat '${root}/clusters' 2>/dev/null; [ "$1" != create ] || echo tradepost > '${root}/clusters'`,
    );
    fake('docker');
    fake('kubectl');
    const first = run('k8s/cluster.ts');
    expect(first.stderr).toBe('');
    expect(first.status).toBe(0);
    expect(first.stdout).toContain(
      'kubectl --context kind-tradepost --namespace tradepost-dev port-forward service/api-gateway 8080:8080',
    );
    const asked = ['kind version', 'docker info', 'kubectl version --client', 'kind get clusters'];
    const loaded = [
      ...builds,
      `kind load docker-image --name tradepost ${images.join(' ')}`,
      ...deployed('kind-tradepost'),
    ];
    expect(calls()).toEqual([...asked, 'kind create cluster --name tradepost --wait 120s', ...loaded]);
    const made = path.join(folderOf(path.join(root, 'k8s'), 'dev', 'db'), 'manager.env');
    const secret = readFileSync(made, 'utf8');
    expect(first.stdout).not.toContain(secret.split('password=')[1]?.trim());

    rmSync(path.join(root, 'calls'));
    const second = run('k8s/cluster.ts');
    expect(second.stdout).toContain('The secrets are there already');
    expect(calls()).toEqual([...asked, ...loaded]);
    expect(readFileSync(made, 'utf8')).toBe(secret);

    rmSync(path.join(root, 'calls'));
    expect(run('k8s/cluster.ts', '--delete').status).toBe(0);
    expect(calls().at(-1)).toBe('kind delete cluster --name tradepost');
  });

  it('does the same with k3d', () => {
    fake('k3d');
    fake('docker');
    fake('kubectl');
    expect(run('k8s/cluster.ts').status).toBe(0);
    expect(calls().filter((call) => /^k3d (?!version)/.test(call))).toEqual([
      'k3d cluster list --no-headers',
      'k3d cluster create tradepost --wait --k3s-arg --disable=traefik@server:0',
      `k3d image import --cluster tradepost ${images.join(' ')}`,
    ]);
    expect(calls().slice(-deployed('').length)).toEqual(deployed('k3d-tradepost'));
  });

  it('ends at the first thing that fails, and names it', () => {
    fake('kind');
    fake('docker', '[ "$1" != buildx ] || exit 1');
    fake('kubectl');
    const { status, stderr } = run('k8s/cluster.ts');
    expect(status).toBe(1);
    expect(stderr).toBe('docker could not build ghcr.io/tradepost/api-gateway:0.1.0\n');
    expect(calls().some((call) => /^kind load|apply/.test(call))).toBe(false);
    fake('docker');
    fake('kubectl', 'case "$*" in *statefulset/order-db*) exit 1;; esac');
    expect(run('k8s/cluster.ts')).toMatchObject({ status: 1, stderr: 'kubectl failed\n' });
    expect(calls().at(-1)).toContain('rollout status statefulset/order-db');
  });
});
