import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { containersOf, workloads } from './objects.ts';
import { kubectlIsThere, renderAll, repository } from './rendering.ts';

type Stage = { from: string; lines: [instruction: string, rest: string][] };

/** A Dockerfile as its stages: comments left out, lines that go on joined, and the ARGs before the first stage filled in. */
function stagesOf(text: string): Stage[] {
  const joined = text.replace(/^\s*#.*\n/gm, '').replace(/\\\n/g, ' ');
  const lines = joined
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): [string, string] => {
      const [, instruction = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line.trim()) ?? [];
      return [instruction.toUpperCase(), rest];
    });
  const args = new Map<string, string>();
  const stages: Stage[] = [];
  for (const [instruction, rest] of lines) {
    if (instruction === 'FROM') {
      const from = rest.replace(/\$\{(\w+)\}/g, (_, name) => args.get(name) ?? '');
      stages.push({ from, lines: [] });
    } else if (stages.length === 0) args.set(rest.split('=')[0] ?? '', rest.slice(rest.indexOf('=') + 1));
    else stages.at(-1)?.lines.push([instruction, rest]);
  }
  return stages;
}

describe('the image of a service', () => {
  const file = (name: string) => readFileSync(path.join(repository, 'images', name), 'utf8');
  const stages = stagesOf(file('Dockerfile'));
  const last = stages.at(-1);
  const all = (stage: Stage | undefined, instruction: string) =>
    (stage?.lines ?? []).filter(([name]) => name === instruction).map(([, rest]) => rest);

  it('is made of images that are pinned by digest, in more than one stage', () => {
    expect(stages.length).toBeGreaterThan(1);
    for (const { from } of stages) expect(from).toMatch(/^\S+:[\w.-]+@sha256:[0-9a-f]{64}( AS \w+)?$/);
  });

  it('runs by itself, as nobody, with nothing that installs and no shell', () => {
    expect(all(last, 'USER')).toEqual(['65532:65532']);
    expect(all(last, 'RUN')).toEqual([]);
    expect(all(last, 'CMD')).toEqual([]);
    expect(all(last, 'STOPSIGNAL')).toEqual(['SIGTERM']);
    expect(JSON.parse(all(last, 'ENTRYPOINT')[0] ?? '')).toEqual(expect.arrayContaining(['node']));
    expect(last?.from).toContain('distroless');
    const labels = all(last, 'LABEL').join(' ');
    for (const label of ['title', 'version', 'revision', 'source', 'licenses'])
      expect(labels).toContain(`org.opencontainers.image.${label}=`);
    expect(all(last, 'ARG').map((arg) => arg.split('=')[0])).toEqual(expect.arrayContaining(['VERSION', 'REVISION']));
  });

  it.runIf(kubectlIsThere())('is started by the manifests as it starts itself, as the same user', () => {
    const entrypoint = JSON.parse(all(last, 'ENTRYPOINT')[0] ?? '');
    for (const workload of workloads(renderAll(path.join(repository, 'k8s/base')))) {
      const { runAsUser, runAsGroup } = workload.template.spec?.securityContext ?? {};
      expect([`${runAsUser}:${runAsGroup}`]).toEqual(all(last, 'USER'));
      const commands = containersOf(workload).map(({ command }) => command);
      expect(commands).toEqual([[...entrypoint, 'migrate'], entrypoint]);
    }
  });

  it('is built with every workspace that the lock file knows, and without what the machine has made', () => {
    const { workspaces }: { workspaces: string[] } = JSON.parse(
      readFileSync(path.join(repository, 'package.json'), 'utf8'),
    );
    const folders = workspaces.flatMap((pattern) =>
      pattern.endsWith('/*')
        ? readdirSync(path.join(repository, pattern.slice(0, -2))).map((name) => `${pattern.slice(0, -2)}/${name}`)
        : [pattern],
    );
    const copied = all(stages[0], 'COPY').flatMap((rest) => rest.split(' '));
    const ignored = file('Dockerfile.dockerignore').split('\n');
    const isCopied = (name: string) => copied.some((pattern) => path.matchesGlob(name, pattern));
    const isSent = (name: string) => ignored.some((line) => line.startsWith('!') && (path.matchesGlob(name, line.slice(1)) || name.startsWith(`${line.slice(1)}/`))); // biome-ignore format: one line
    expect(folders.length).toBeGreaterThan(8);
    for (const folder of folders) {
      expect(isCopied(`${folder}/package.json`), `COPY ${folder}/package.json`).toBe(true);
      expect(isSent(`${folder}/package.json`), `${folder} in .dockerignore`).toBe(true);
    }
    expect(ignored).toEqual(expect.arrayContaining(['*', '**/node_modules', '**/dist']));
    expect(ignored.filter((line) => line.startsWith('!') && /k8s|\.git|\.env/.test(line))).toEqual([]);
  });
});
