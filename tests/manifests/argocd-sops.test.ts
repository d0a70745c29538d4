import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderOf } from '../../k8s/secret-files.ts';
import { copyTree, kubectlIsThere, render, renderAll, repository } from './rendering.ts';

describe.runIf(kubectlIsThere())('Argo CD', () => {
  let tree: ReturnType<typeof copyTree>;
  beforeAll(() => {
    tree = copyTree();
  });
  afterAll(() => tree.remove());

  it('gets its secrets by SOPS: what is encrypted is decrypted to where the build looks for it', () => {
    // A stand-in for sops that keeps to its command line; what is tested is that files go where they belong.
    const bin = path.join(tree.root, 'bin');
    mkdirSync(bin);
    const arguments_ = '--input-type binary --output-type binary';
    const script = [
      '#!/bin/sh',
      'case "$*" in',
      `"--encrypt --age age1test ${arguments_} "*) for f; do :; done; echo ENC; base64 < "$f" ;;`,
      `"--decrypt ${arguments_} "*) for f; do :; done; tail -n +2 "$f" | base64 -d ;;`,
      '*) echo "unexpected: $*" >&2; exit 1 ;;',
      'esac',
    ];
    writeFileSync(path.join(bin, 'sops'), script.join('\n'));
    chmodSync(path.join(bin, 'sops'), 0o755);
    const k8s = path.join(tree.root, 'k8s');
    const sh = (file: string, ...args: string[]) =>
      spawnSync('sh', [path.join(k8s, 'components/sops', file), ...args], {
        encoding: 'utf8',
        env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
      });
    const before = renderAll(path.join(k8s, 'overlays/prod/db'));
    const encrypted = sh('encrypt.sh', 'prod', 'age1test');
    expect(encrypted.stderr).toBe('');
    const kept = path.join(tree.root, 'kept');
    for (const part of ['db', 'base'] as const) {
      const folder = folderOf(k8s, 'prod', part);
      cpSync(folder, path.join(kept, part), { recursive: true });
      rmSync(folder, { recursive: true });
    }
    expect(render(path.join(k8s, 'overlays/prod/db'))).toMatchObject({ ok: false });
    for (const part of ['db', 'base'] as const) {
      const run = sh('decrypt.sh', path.join(k8s, 'overlays/prod', part));
      expect(run.stderr).toBe('');
      for (const name of readdirSync(path.join(kept, part))) {
        const now = readFileSync(path.join(folderOf(k8s, 'prod', part), name));
        expect(now.equals(readFileSync(path.join(kept, part, name))), name).toBe(true);
      }
    }
    expect(renderAll(path.join(k8s, 'overlays/prod/db'))).toEqual(before);
    const plugin = readFileSync(path.join(repository, 'argocd/install/sops-plugin.yaml'), 'utf8');
    expect(plugin).toContain('k8s/components/sops/decrypt.sh');
  });
});
