import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { COMMIT, NAMESPACE, type PreviewTree, pluginVariables, previewTree } from './argocd-previews.ts';
import { kubectlIsThere, renderAll } from './rendering.ts';

describe.runIf(kubectlIsThere())('previews of pull requests', () => {
  let tree: PreviewTree;
  beforeAll(() => {
    tree = previewTree();
  });
  afterAll(() => tree.remove());

  it.each([
    '',
    'kube-system',
    'tradepost-dev',
    'tradepost-pr-',
    'tradepost-pr-1\nkube-system',
    'tradepost-pr-1x',
    'tradepost-pr-01',
  ])('refuse the namespace %j', (destination) => {
    // With a host that fits it, so that only the namespace can be the reason.
    const host = `pr-${destination.replace('tradepost-pr-', '')}.shop.example`;
    const run = tree.runPlugin({ ...pluginVariables, ARGOCD_APP_NAMESPACE: destination, ARGOCD_ENV_HOST: host });
    expect(run).toMatchObject({ status: 1, stderr: expect.stringContaining('preview refused: the namespace') });
  });

  it.each([
    '',
    'latest',
    `${COMMIT.slice(2)};a`,
    `${COMMIT.slice(1)} `,
    `${COMMIT}\n`,
    COMMIT.slice(1),
    COMMIT.toUpperCase(),
  ])('refuse the tag %j', (tag) => {
    const run = tree.runPlugin({ ...pluginVariables, ARGOCD_ENV_COMMIT: tag, ARGOCD_APP_REVISION: tag });
    expect(run).toMatchObject({ status: 1, stderr: expect.stringContaining('preview refused: the tag') });
  });

  it.each(['', 'shop.example', 'pr-1.shop.example', 'pr-12.', 'pr-12.shop.example|e id', 'pr-12.shop.example\nx'])(
    'refuse the public address %j',
    (host) => {
      const run = tree.runPlugin({ ...pluginVariables, ARGOCD_ENV_HOST: host });
      expect(run).toMatchObject({ status: 1, stderr: expect.stringContaining('preview refused: the public address') });
    },
  );

  it('end with the error of a build that fails', () => {
    const file = path.join(tree.root, 'k8s/overlays/dev/base/kustomization.yaml');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace('resources:', 'resources:\n  - missing.yaml'));
    expect(tree.runPlugin(pluginVariables)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('missing.yaml'),
    });
    writeFileSync(file, before);
  });

  it('run no file of the pull request, and write through no link of it', () => {
    const base = path.join(tree.root, 'k8s/overlays/dev/base');
    const elsewhere = path.join(tree.root, 'elsewhere');
    mkdirSync(elsewhere);
    rmSync(path.join(base, 'made-by-npm-run-secrets'), { recursive: true, force: true });
    symlinkSync(elsewhere, path.join(base, 'made-by-npm-run-secrets'));
    const ran = path.join(tree.root, 'ran');
    for (const file of ['argocd/previews/render.sh', 'k8s/components/sops/decrypt.sh'])
      writeFileSync(path.join(tree.root, file), `#!/bin/sh\ntouch ${ran}\n`);
    expect(tree.runPlugin(pluginVariables).status).toBe(0);
    expect(existsSync(ran)).toBe(false);
    expect(existsSync(path.join(elsewhere, 'order.env'))).toBe(false);
  });

  it('cannot decrypt the secrets of an environment, even if a pull request names the plugin that does', () => {
    const [config] = renderAll(path.join(tree.root, 'argocd/install')).filter(
      ({ metadata }) => metadata.name === 'tradepost-sops-plugin',
    );
    const { init }: { init: { command: string[]; args: string[] } } = parse(config?.data?.['plugin.yaml'] ?? '').spec;
    const ran = path.join(tree.root, 'decrypted');
    writeFileSync(path.join(tree.root, 'k8s/components/sops/decrypt.sh'), `#!/bin/sh\ntouch ${ran}\n`);
    spawnSync('git', ['init', '--quiet'], { cwd: tree.root });
    const run = (destination: string) =>
      spawnSync(init.command[0] ?? '', [...init.command.slice(1), ...init.args], {
        cwd: path.join(tree.root, 'k8s/overlays/dev/db'),
        encoding: 'utf8',
        env: { ...process.env, ARGOCD_APP_NAMESPACE: destination },
      });
    expect(run(NAMESPACE)).toMatchObject({ status: 1, stderr: expect.stringContaining('may not decrypt') });
    expect(existsSync(ran)).toBe(false);
    expect(run('tradepost-dev').status).toBe(0);
    expect(existsSync(ran)).toBe(true);
    // The sidecar of previews has no key of its own either.
    const sidecar = readFileSync(path.join(tree.root, 'argocd/previews/sidecar.yaml'), 'utf8');
    expect(sidecar).not.toMatch(/argocd-age|SOPS_AGE/);
  });
});
