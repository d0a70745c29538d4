import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Application,
  applicationOf,
  applicationSetsOf,
  COMMIT,
  NAMESPACE,
  type PreviewTree,
  pluginVariables,
  previewTree,
} from './argocd-previews.ts';
import { kindsOf, listed, projectOf } from './argocd-project.ts';
import { containersOf, type KubeObject, nameOf, ofKind, workloads } from './objects.ts';
import { danglingReferences } from './references.ts';
import { kubectlIsThere, renderAll } from './rendering.ts';
import { dataRules } from './rules-of-data.ts';
import { environmentRules } from './rules-of-environments.ts';
import { podRules } from './rules-of-pods.ts';
import { unknownFields, violations } from './schemas.ts';
import { wrongWaves } from './waves.ts';
import { renderWith } from './with-component.ts';

const pullRequest = { number: 12, branch: 'cheaper/shipping', head_sha: COMMIT };

describe.runIf(kubectlIsThere())('previews of pull requests', () => {
  let tree: PreviewTree;
  let installed: KubeObject[];
  let applications: Application[];
  let shop: KubeObject[];
  let namespace: KubeObject[];
  /** The objects of the Application of this name. */
  const renderedBy = (name: string): KubeObject[] => {
    const application = applications.find(({ metadata }) => metadata.name === name);
    if (!application) throw new Error(`There is no Application ${name}`);
    const { stderr, objects } = tree.render(application, COMMIT);
    expect(stderr).toBe('');
    return objects;
  };
  beforeAll(() => {
    tree = previewTree();
    installed = renderAll(path.join(tree.root, 'argocd/previews'));
    applications = applicationSetsOf(installed).map((set) => applicationOf(set, pullRequest));
    shop = renderedBy(NAMESPACE);
    namespace = renderedBy(`${NAMESPACE}-namespace`);
  });
  afterAll(() => tree.remove());

  it('are off until an administrator switches them on', () => {
    const others = ['argocd', 'argocd/install'].flatMap((folder) => renderAll(path.join(tree.root, folder)));
    const ours = others.filter(({ apiVersion }) => apiVersion.startsWith('argoproj.io/'));
    expect(ours.map(nameOf).sort()).toEqual([
      'AppProject tradepost',
      'AppProject tradepost-root',
      'Application tradepost',
      'Application tradepost-cluster',
      'ApplicationSet tradepost',
    ]);
  });

  it('conform to the schemas, refer to nothing that is missing, and keep the rules that hold everywhere', async () => {
    const objects = [...namespace, ...shop];
    expect(await violations([...installed, ...objects])).toEqual([]);
    expect(unknownFields([...installed, ...objects])).toEqual([]);
    expect(danglingReferences(objects)).toEqual([]);
    expect(wrongWaves(shop)).toEqual([]);
    const all = [...renderAll(path.join(tree.root, 'k8s/base/cluster')), ...objects].filter(
      // Its quota is beside the one that the rules look at.
      ({ metadata }) => metadata.name !== 'no-priority',
    );
    const rules = [...podRules, ...environmentRules, ...dataRules].filter(({ only }) => only !== 'prod');
    const broken = rules.filter((rule) => rule.check(all).length > 0);
    expect(broken.map(({ name }) => name)).toEqual([
      // Volumes go with the preview, and its databases displace nothing.
      'StatefulSets keep two revisions, say how pods are managed, and keep their volumes',
      'everything has a priority, and what holds data the highest',
      // By commit.
      'images are named by version, never by latest',
    ]);
  });

  it('lie in a namespace of their own, with everything that names it', () => {
    expect(shop.filter(({ metadata }) => metadata.namespace !== NAMESPACE).map(nameOf)).toEqual([]);
    expect(namespace.filter(({ metadata }) => metadata.namespace !== NAMESPACE).map(nameOf)).toEqual([
      `Namespace ${NAMESPACE}`,
    ]);
    const secrets = ofKind<KubeObject>(shop, 'Secret').flatMap(({ data = {} }) =>
      Object.values(data).map((value) => Buffer.from(value, 'base64').toString()),
    );
    const everything = [...[...shop, ...namespace].map((object) => JSON.stringify(object)), ...secrets].join('\n');
    expect([...new Set(everything.match(/tradepost-(?!stateful)(?:pr-\d+|dev|prod|preview)\b/g))]).toEqual([NAMESPACE]);
    expect(everything).toContain(`@rabbitmq.${NAMESPACE}.svc:5672`);
    for (const { metadata } of [...shop, ...namespace])
      expect(metadata.labels?.['app.kubernetes.io/instance'], metadata.name).toBe(NAMESPACE);
  });

  it('hold what dev holds, and nothing twice', () => {
    const id = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.name.replace(/-[a-z0-9]{10}$/, '')}`;
    const objects = [...shop, ...namespace].map(id);
    expect(new Set(objects).size).toBe(objects.length);
    const dev = renderWith('dev');
    expect(objects.filter((name) => name !== 'ResourceQuota no-priority').sort()).toEqual(
      dev.map((object) => id(object).replace('Namespace tradepost-dev', `Namespace ${NAMESPACE}`)).sort(),
    );
  });

  it('run the images of the commit', () => {
    const images = workloads(shop)
      .flatMap(containersOf)
      .map(({ image = '' }) => image)
      .filter((image) => image.startsWith('ghcr.io/'));
    const services = ['api-gateway', 'auth', 'notification', 'order', 'product'];
    expect([...new Set(images)].sort()).toEqual(services.map((name) => `ghcr.io/tradepost/${name}:${COMMIT}`));
    expect(images).toHaveLength(10);
  });

  it('keep nothing: a preview goes with all of its data when the pull request is closed', () => {
    for (const { metadata, spec } of applications) {
      expect(metadata.finalizers).toEqual(['resources-finalizer.argocd.argoproj.io']);
      expect(spec.syncPolicy.automated).toEqual({ prune: true, selfHeal: true });
    }
    for (const { spec } of applicationSetsOf(installed)) expect(spec.syncPolicy).toEqual({ applicationsSync: 'sync' });
    expect(JSON.stringify([...shop, ...namespace])).not.toMatch(/Delete=false|Prune=false|"Retain"/);
    expect(namespace.map(({ kind }) => kind)).toContain('Namespace');
  });

  it('displace nothing that has no priority', () => {
    expect(workloads(shop).filter(({ template }) => template.spec?.priorityClassName)).toEqual([]);
    const [none] = ofKind<{ spec: object }>(namespace, 'ResourceQuota').filter(
      ({ metadata }) => metadata.name === 'no-priority',
    );
    const classes = ofKind<KubeObject>(renderAll(path.join(tree.root, 'k8s/base/cluster')), 'PriorityClass');
    for (const { metadata } of classes) expect(JSON.stringify(none?.spec)).toContain(`"${metadata.name}"`);
  });

  it('have projects that permit what they render, and no way out of their namespaces', () => {
    const project = projectOf(installed, 'tradepost-previews');
    expect(listed(project?.namespaceResourceWhitelist)).toEqual(kindsOf(shop));
    expect(project?.clusterResourceWhitelist).toEqual([]);
    const around = projectOf(installed, 'tradepost-preview-namespaces');
    expect(listed(around?.clusterResourceWhitelist)).toEqual(['/Namespace']);
    const address = ['gateway.networking.k8s.io/HTTPRoute', 'networking.k8s.io/Ingress'];
    const namespaced = namespace.filter(({ kind }) => kind !== 'Namespace');
    expect(listed(around?.namespaceResourceWhitelist)).toEqual([...kindsOf(namespaced), ...address].sort());
    for (const { destinations } of [project, around].flatMap((one) => one ?? []))
      expect(destinations.map((destination) => destination.namespace)).toEqual(['tradepost-pr-*']);
    expect(applications.map(({ metadata, spec }) => [metadata.name, spec.project, spec.destination.namespace])).toEqual(
      [
        [`${NAMESPACE}-namespace`, 'tradepost-preview-namespaces', NAMESPACE],
        [NAMESPACE, 'tradepost-previews', NAMESPACE],
      ],
    );
  });

  it('are of branches of this repository, with a label, and never of a fork', () => {
    const generators = applicationSetsOf(installed).flatMap(({ spec }) => spec.generators);
    expect(generators).toHaveLength(2);
    for (const { pullRequest: generator } of generators) {
      expect(generator.github.labels).toEqual(['preview']);
      const [filter] = generator.filters;
      expect(generator.filters).toHaveLength(1);
      for (const branch of ['cheaper/shipping', 'fix-12_b.c'])
        expect(branch).toMatch(new RegExp(filter?.branchMatch ?? ''));
      for (const branch of ['a b', '$(id)', '-x', '"', '{{.number}}'])
        expect(branch).not.toMatch(new RegExp(filter?.branchMatch ?? ''));
      expect('main').toMatch(new RegExp(filter?.targetBranchMatch ?? ''));
      expect('main-2').not.toMatch(new RegExp(filter?.targetBranchMatch ?? ''));
    }
    const [around, own] = applications.map(({ spec }) => spec.source);
    // The commit itself could be one of a fork, which the repository serves as well.
    expect(own?.targetRevision).toBe('refs/heads/cheaper/shipping');
    expect(around?.targetRevision).toBe('main');
    expect(tree.runPlugin({ ...pluginVariables, ARGOCD_APP_REVISION: COMMIT.replace('0', 'f') })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('another commit'),
    });
  });

  it.each([
    ['ingress', 'Ingress'],
    ['gateway-api', 'HTTPRoute'],
  ])('have a public address of their own, by main, where dev has one by %s', (component, kind) => {
    const kustomizations = ['k8s/overlays/dev/base', 'argocd/previews/namespace'].map((folder) =>
      path.join(tree.root, folder, 'kustomization.yaml'),
    );
    const before = kustomizations.map((file) => readFileSync(file, 'utf8'));
    for (const [index, file] of kustomizations.entries())
      writeFileSync(file, (before[index] ?? '').replace(/^( {2}- (\S+\/)components?\/)\S+$/m, `$&\n$1${component}`));
    const [around, own] = [`${NAMESPACE}-namespace`, NAMESPACE].map(renderedBy);
    for (const [index, file] of kustomizations.entries()) writeFileSync(file, before[index] ?? '');
    // A pull request could take the address of prod otherwise.
    expect(own?.filter((object) => object.kind === kind)).toEqual([]);
    const text = JSON.stringify([around, own]);
    expect(around?.map((object) => object.kind)).toContain(kind);
    expect([...new Set(text.match(/[\w.-]*shop\.example/g))]).toEqual(['pr-12.shop.example']);
    expect(text.match(/"name":"PUBLIC_URL","value":"https:\/\/pr-12\.shop\.example"/g)).toHaveLength(3);
    const ids = [...(around ?? []), ...(own ?? [])].map(nameOf);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
