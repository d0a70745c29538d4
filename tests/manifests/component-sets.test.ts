import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { kindsOf, listed, projectOf } from './argocd-project.ts';
import { groupsOfComponents } from './component-groups.ts';
import { type KubeObject, ofKind } from './objects.ts';
import { danglingReferences } from './references.ts';
import { copyTree, type Environment, environments, kubectlIsThere, renderAll } from './rendering.ts';
import { environmentRules } from './rules-of-environments.ts';
import { unknownFields, violations } from './schemas.ts';
import { wrongWaves } from './waves.ts';
import { optionalComponents, renderWith, withParents } from './with-component.ts';

/** Pairs that take each other's place, or of which one says that it does not go with the other. */
const EXCLUSIVE: [string, string][] = [
  ['ingress', 'gateway-api'],
  ['cloudnative-pg/import', 'cloudnative-pg/recovery'],
  ['one-replica', 'keda'],
  ['tls/db', 'keda'],
];
const names = Object.keys(optionalComponents);
/** With External Secrets the generators are removed as well, which components.test.ts does. */
const exclusive = (name: string) => name.startsWith('external-secrets');
/** Sizes of prod do not fit the quota of dev, and one node is one environment's affair. */
const fits = (environment: string, name: string) => environment === 'prod' || !name.endsWith('/large');

const idOf = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.name}`;

type Cluster = { spec: { inheritedMetadata: { labels: Record<string, string> } } };

/** The pods that CloudNativePG makes of its clusters, for what selects them. */
const podsOfClusters = (objects: readonly KubeObject[]): KubeObject[] =>
  ofKind<Cluster>(objects, 'Cluster').map(({ metadata, spec }) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: metadata.name },
    spec: {
      template: {
        metadata: {
          labels: { ...metadata.labels, ...spec.inheritedMetadata.labels, 'cnpg.io/cluster': metadata.name },
        },
        spec: { containers: [{ name: 'postgres', ports: [{ name: 'postgres', containerPort: 5432 }] }] },
      },
    },
  }));

function problems(objects: readonly KubeObject[]): string[] {
  const ids = objects.map(idOf);
  const quota = environmentRules.find(({ name }) => name.startsWith('the quota holds everything'));
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is there twice`),
    // Somebody makes this one by hand: its component says how.
    ...danglingReferences([...objects, ...podsOfClusters(objects)]).filter(
      (problem) => !problem.endsWith('no Secret backup-offsite'),
    ),
    ...wrongWaves(objects),
    ...(quota?.check(objects) ?? ['there is no rule of the quota']),
  ];
}

/** In the sizes of the environment: in prod the large ones, which come with the others. */
const candidates = (environment: Environment): string[] =>
  names.filter(
    (name) =>
      !exclusive(name) && fits(environment, name) && !(environment === 'prod' && names.includes(`${name}/large`)),
  );

const goTogether = (a: string, b: string): boolean => {
  const [allOfA, allOfB] = [withParents(a), withParents(b)];
  const has = (one: string, other: string) => allOfA.includes(one) && allOfB.includes(other);
  return !allOfA.includes(b) && !allOfB.includes(a) && !EXCLUSIVE.some(([x, y]) => has(x, y) || has(y, x));
};

/** Components of a group: about half of all, so that what one misses is not always brought along by a third. */
const GROUP = 10;

const pairsOf = (group: readonly string[]): [string, string][] =>
  group.flatMap((a, index) => group.slice(index + 1).map((b): [string, string] => [a, b]));

/** What is wrong with an environment that has these components; also, that it cannot be rendered. */
function problemsWith(environment: Environment, names: readonly string[]): string[] {
  try {
    return problems(renderWith(environment, ...names));
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** What is wrong with the pairs of a group; with the group, if each pair alone is right. */
function explained(environment: Environment, group: readonly string[]): string[] {
  const found = (names: readonly string[]) =>
    problemsWith(environment, names).map((problem) => `${names.join(' and ')}: ${problem}`);
  const ofPairs = pairsOf(group).flatMap(found);
  return ofPairs.length > 0 ? ofPairs : found(group);
}

describe.runIf(kubectlIsThere())('components of both environments', () => {
  const cases = environments.flatMap((environment) =>
    names.filter((name) => !exclusive(name) && fits(environment, name)).map((name) => ({ environment, name })),
  );

  it.each(cases)(
    '$environment with $name: conforms, refers to what is there, fits the quota',
    async ({ environment, name }) => {
      const objects = renderWith(environment, name);
      expect(problems(objects)).toEqual([]);
      expect(await violations(objects)).toEqual([]);
    },
  );

  it.each(environments)('%s: no component has a field that the schemas do not know', (environment) => {
    const added = names
      .filter((name) => !exclusive(name) && fits(environment, name))
      .flatMap((name) => renderWith(environment, name));
    const once = new Map(added.map((object) => [JSON.stringify(object), object]));
    expect(unknownFields([...once.values()])).toEqual([]);
  });

  it.each(environments)('%s: any two that go together fit', (environment) => {
    const components = candidates(environment);
    const groups = groupsOfComponents(components, goTogether, GROUP);
    expect(new Set(groups.flatMap(pairsOf).map(String)).size).toBeGreaterThan(100);
    const wrong = groups.flatMap((group) =>
      problemsWith(environment, group).length === 0 ? [] : explained(environment, group),
    );
    expect(wrong).toEqual([]);
  });

  it('the project of Argo CD permits the kinds that overlays and components render, and no other', () => {
    const { root, remove } = copyTree({ secrets: false });
    const [installed = [], ...ofClusters] = [
      ...['argocd/install', 'k8s/base/cluster', 'k8s/components/image-policy/cluster'],
    ].map((folder) => renderAll(path.join(root, folder)));
    remove();
    const all = [
      ...environments.flatMap((environment) => names.flatMap((name) => renderWith(environment, name))),
      ...ofClusters.flat(),
    ];
    const project = projectOf(installed, 'tradepost');
    const namespaced = all.filter(({ metadata }) => metadata.namespace);
    expect(listed(project?.namespaceResourceWhitelist)).toEqual(kindsOf(namespaced));
    const cluster = all.filter(({ metadata }) => !metadata.namespace);
    expect(listed(project?.clusterResourceWhitelist)).toEqual(kindsOf(cluster));
    expect(project?.destinations.map(({ namespace }) => namespace)).toEqual(['tradepost-dev', 'tradepost-prod']);
  });

  it.each(names.filter(exclusive))('%s keeps to the waves', (name) => {
    for (const environment of environments) expect(wrongWaves(renderWith(environment, name))).toEqual([]);
  });

  it('one that does not fit the quota is noticed', () => {
    expect(problems(renderWith('dev', 'backup/large')).join()).toContain('requests.storage');
    expect(problems(renderWith('dev', 'cloudnative-pg/large')).join()).toContain('requests.storage');
    expect(problems(renderWith('dev', 'keda/large')).join()).toContain('limits.memory');
  });
});
