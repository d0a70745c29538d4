import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSecrets } from '../../k8s/secrets.ts';
import type { KubeObject } from './objects.ts';
import { danglingReferences } from './references.ts';
import { copyTree, kubectlIsThere, renderAll, repository } from './rendering.ts';
import { dataRules } from './rules-of-data.ts';
import { environmentRules } from './rules-of-environments.ts';
import { podRules } from './rules-of-pods.ts';
import { unknownFields, violations } from './schemas.ts';
import { unprotectedData, wrongWaves } from './waves.ts';

/** The file of k8s/README.md that makes the environment `staging`, as it stands there. */
function overlay(): string {
  const readme = readFileSync(path.join(repository, 'k8s/README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('**Add an environment**'));
  return /```yaml\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
}

describe.runIf(kubectlIsThere())('a third environment', () => {
  let tree: ReturnType<typeof copyTree>;
  let objects: KubeObject[];
  beforeAll(() => {
    tree = copyTree();
    const folder = path.join(tree.root, 'k8s/overlays/staging');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'kustomization.yaml'), overlay());
    expect(writeSecrets(path.join(tree.root, 'k8s'), 'staging', 'make').done).toBe('made');
    objects = renderAll(folder);
  });
  afterAll(() => tree.remove());

  it('is one folder of at most 30 lines', () => {
    expect(overlay().trimEnd().split('\n').length).toBeLessThanOrEqual(30);
  });

  it('conforms, refers to nothing that is missing, and lies in its namespace', async () => {
    expect(await violations(objects)).toEqual([]);
    expect(unknownFields(objects)).toEqual([]);
    expect(danglingReferences(objects)).toEqual([]);
    const namespaces = new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []));
    expect([...namespaces]).toEqual(['tradepost-staging']);
    expect(objects.find(({ kind }) => kind === 'Namespace')?.metadata.name).toBe('tradepost-staging');
  });

  it('has the objects of dev, and keeps every rule of it', () => {
    const ids = (list: readonly KubeObject[]) =>
      list
        .map(({ kind, metadata }) =>
          `${kind} ${metadata.name.replace(/-[a-z0-9]{10}$/, '')}`.replace('-dev', '-staging'),
        )
        .sort();
    expect(ids(objects)).toEqual(ids(renderAll(path.join(tree.root, 'k8s/overlays/dev'))));
    for (const rule of [...podRules, ...environmentRules, ...dataRules].filter(({ only }) => only !== 'prod'))
      expect(rule.check(objects), rule.name).toEqual([]);
    expect(wrongWaves(objects)).toEqual([]);
    expect(unprotectedData(objects)).toEqual([]);
  });

  it('gives a Deployment of its own only what that asks for', () => {
    const file = path.join(tree.root, 'k8s/overlays/prod/base');
    const redis = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'redis' } };
    const spec = {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'redis', image: 'redis:8.2' }] } },
    };
    writeFileSync(path.join(file, 'redis.yaml'), JSON.stringify({ ...redis, spec }));
    const text = readFileSync(path.join(file, 'kustomization.yaml'), 'utf8');
    writeFileSync(
      path.join(file, 'kustomization.yaml'),
      text.replace('  - ../../../base\n', '  - ../../../base\n  - redis.yaml\n'),
    );
    const added = renderAll(file).find(({ metadata }) => metadata.name === 'redis');
    expect(Reflect.get(Object(Reflect.get(Object(added?.spec), 'template')), 'spec')).toEqual(spec.template.spec);
  });
});
