import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { bumpDev, bumpProd, unpublished } from '../../images/bump.ts';

describe('a new version in the overlays', () => {
  let k8s: string;
  beforeEach(() => {
    k8s = mkdtempSync(path.join(tmpdir(), 'tradepost-bump-'));
    cpSync(path.join(import.meta.dirname, '../../k8s'), k8s, {
      recursive: true,
      filter: (file) => path.basename(file) !== 'made-by-npm-run-secrets',
    });
  });
  afterEach(() => rmSync(k8s, { recursive: true }));
  const read = (file: string) => readFileSync(path.join(k8s, file), 'utf8');

  it('is a tag in dev, for every service', () => {
    expect(bumpDev(k8s, '2.3.4')).toHaveLength(10);
    for (const service of ['api-gateway', 'auth', 'product', 'order', 'notification']) {
      const images = [...read(`base/${service}/deployment.yaml`).matchAll(/image: (ghcr\S+)/g)].map(
        ([, image]) => image,
      );
      // Of the migration and of the service.
      expect(images).toEqual(Array(2).fill(`ghcr.io/tradepost/${service}:2.3.4`));
    }
    expect(read('base/order/kustomization.yaml')).toMatch(/version: 2\.3\.4\b/);
    expect(read('overlays/prod/base/kustomization.yaml')).not.toContain('2.3.4');
  });

  it('is a digest in prod, also of a service that is new there', () => {
    const digest = `sha256:${'ab'.repeat(32)}`;
    bumpProd(k8s, '2.3.4', new Map([['order', digest], ['wishlist', digest]])); // biome-ignore format: one line
    const digests = read('components/digests/kustomization.yaml');
    expect(digests.match(new RegExp(digest, 'g'))).toHaveLength(2);
    expect(digests).toMatch(/tradepost\/wishlist/);
    expect(digests.match(/tradepost\/order,/g)).toHaveLength(1);
    expect(read('overlays/prod/base/kustomization.yaml')).toMatch(/version: 2\.3\.4\b/);
    expect(() => bumpProd(k8s, '2.3.4', new Map([['order', 'latest']]))).toThrow('no digest');
  });

  it('takes back what says that prod has no images, once it has all of them', () => {
    const digest = `sha256:${'ab'.repeat(32)}`;
    const services = ['api-gateway', 'auth', 'notification', 'order', 'product'];
    expect(unpublished(k8s).sort()).toEqual(services);
    bumpProd(k8s, '2.3.4', new Map([['order', digest]]));
    expect(unpublished(k8s)).not.toContain('order');
    expect(read('components/digests/kustomization.yaml')).toContain('NOT PUBLISHED YET:');
    bumpProd(k8s, '2.3.4', new Map(services.map((service) => [service, digest])));
    expect(unpublished(k8s)).toEqual([]);
    const digests = read('components/digests/kustomization.yaml');
    expect(digests).not.toContain('NOT PUBLISHED YET:');
    expect(
      parse(digests)
        .images.map(({ name }: { name: string }) => path.basename(name))
        .sort(),
    ).toEqual(services);
    // A version later they are replaced, not added.
    bumpProd(k8s, '2.3.5', new Map([['auth', `sha256:${'cd'.repeat(32)}`]]));
    expect(parse(read('components/digests/kustomization.yaml')).images).toHaveLength(5);
  });
});
