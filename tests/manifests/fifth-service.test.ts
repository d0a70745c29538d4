import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bumpProd } from '../../images/bump.ts';
import { writeSecrets } from '../../k8s/secrets.ts';
import { danglingReferences } from './references.ts';
import { copyTree, environments, kubectlIsThere, renderAll } from './rendering.ts';
import { services } from './rule.ts';
import { dataRules } from './rules-of-data.ts';
import { environmentRules } from './rules-of-environments.ts';
import { podRules } from './rules-of-pods.ts';
import { unknownFields, violations } from './schemas.ts';

/** What k8s/README.md tells to do, done: a service `wishlist` that is like `product`. */
function addWishlist(k8s: string): void {
  const base = path.join(k8s, 'base');
  copyFolder(path.join(base, 'product'), path.join(base, 'wishlist'));
  copyFolder(path.join(base, 'postgres/product-db'), path.join(base, 'postgres/wishlist-db'));
  addTo(path.join(base, 'kustomization.yaml'), /^(resources: \[.*)\]$/m, '$1, wishlist]');
  addTo(path.join(base, 'postgres/kustomization.yaml'), /^(resources: \[.*)\]$/m, '$1, wishlist-db]');
  for (const environment of environments) {
    const made = `made by npm run secrets -- ${environment}`;
    const overlay = path.join(k8s, 'overlays', environment);
    const last = /^( *- \{ name: order(?:-db)?, envs: .*)$/m;
    addTo(
      path.join(overlay, 'base/secrets/kustomization.yaml'),
      last,
      `$1\n  - { name: wishlist, envs: [${made}/wishlist.env] }`,
    );
    addTo(
      path.join(overlay, 'db/secrets/kustomization.yaml'),
      last,
      `$1\n  - { name: wishlist-db, envs: [${made}/wishlist-db.env] }`,
    );
  }
  // As the publishing workflow does with the first image.
  bumpProd(k8s, '0.1.0', new Map([['wishlist', `sha256:${'0'.repeat(64)}`]]));
}

function copyFolder(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    cpSync(path.join(from, name), path.join(to, name));
    writeFileSync(path.join(to, name), readFileSync(path.join(to, name), 'utf8').replaceAll('product', 'wishlist'));
  }
}

function addTo(file: string, pattern: RegExp, replacement: string): void {
  const text = readFileSync(file, 'utf8');
  const added = text.replace(pattern, replacement);
  if (added === text) throw new Error(`${file} has no place for it`);
  writeFileSync(file, added);
}

describe.runIf(kubectlIsThere())('a fifth service', () => {
  let tree: ReturnType<typeof copyTree>;
  beforeAll(() => {
    tree = copyTree();
    addWishlist(path.join(tree.root, 'k8s'));
    for (const environment of environments) {
      expect(writeSecrets(path.join(tree.root, 'k8s'), environment, 'make')).toEqual({
        done: 'added',
        what: ['wishlist'],
      });
    }
  });
  afterAll(() => tree.remove());

  it.each(environments)('%s: renders, conforms, and carries what all carry', async (environment) => {
    const objects = renderAll(path.join(tree.root, 'k8s/overlays', environment));
    expect(services(objects).map(({ name }) => name)).toContain('wishlist');
    const ours = objects.filter(({ metadata }) => metadata.name.startsWith('wishlist'));
    expect(new Set(ours.map(({ kind }) => kind))).toEqual(
      new Set([
        'ConfigMap',
        'Deployment',
        'HorizontalPodAutoscaler',
        'Job',
        'NetworkPolicy',
        'PodDisruptionBudget',
        'Secret',
        'Service',
        'ServiceAccount',
        'StatefulSet',
      ]),
    );
    expect(await violations(ours)).toEqual([]);
    expect(unknownFields(ours)).toEqual([]);
    expect(danglingReferences(objects)).toEqual([]);
    // Five of everything are more than the quota of four.
    for (const rule of [...podRules, ...environmentRules, ...dataRules].filter(
      ({ only }) => only === undefined || only === environment,
    )) {
      if (!rule.name.includes('the quota')) expect(rule.check(objects), rule.name).toEqual([]);
    }
  });
});
