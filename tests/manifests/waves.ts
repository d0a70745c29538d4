import { type KubeObject, nameOf, podLabels, type Workload, workloads } from './objects.ts';

/** Kinds that hold data, or whose deletion deletes what holds data. */
const HOLDS_DATA = new Set(['Namespace', 'StatefulSet', 'PersistentVolumeClaim', 'Cluster', 'ObjectStore']);
/** Kinds that may wait for something outside the environment, so that no later wave may wait for them. */
const MAY_BE_PENDING = new Set(['PersistentVolumeClaim', 'Ingress', 'HTTPRoute', 'CronJob']);

const syncOptions = ({ metadata }: KubeObject): string[] =>
  (metadata.annotations?.['argocd.argoproj.io/sync-options'] ?? '').split(',');

/** What holds data and goes when its Application is deleted with a cascade, or when its file disappears from git. */
export function unprotectedData(objects: readonly KubeObject[]): string[] {
  return objects
    .filter(({ kind }) => HOLDS_DATA.has(kind))
    .filter((object) => !['Delete=false', 'Prune=false'].every((option) => syncOptions(object).includes(option)))
    .map(nameOf);
}

export const waveOf = ({ metadata }: KubeObject): number =>
  Number(metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? '0');

/** Where Argo CD would apply something before what it needs is there and healthy. */
export function wrongWaves(objects: readonly KubeObject[]): string[] {
  const last = Math.max(...objects.map(waveOf));
  const pending = objects.filter((object) => MAY_BE_PENDING.has(object.kind) && waveOf(object) !== last);
  return [
    ...pending.map((object) => `${nameOf(object)} may be pending, and is not in the last wave`),
    ...dependencies(objects).flatMap(({ of, needs, healthy }) => {
      const early = healthy ? waveOf(of) <= waveOf(needs) : waveOf(of) < waveOf(needs);
      return early ? [`${nameOf(of)} (${waveOf(of)}) does not wait for ${nameOf(needs)} (${waveOf(needs)})`] : [];
    }),
  ];
}

/** `healthy`: it is not enough that the other one was applied before, as Argo CD does within a wave by kind. */
type Dependency = { of: KubeObject; needs: KubeObject; healthy: boolean };

function dependencies(objects: readonly KubeObject[]): Dependency[] {
  const list = workloads(objects);
  const databases = objects.filter(
    ({ kind, metadata }) =>
      ['StatefulSet', 'Cluster'].includes(kind) && metadata.labels?.['app.kubernetes.io/component'] === 'database',
  );
  const broker = objects.filter(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === 'rabbitmq');
  const jobs = list.filter(({ kind }) => kind === 'Job').map(({ object }) => object);
  const setUp = objects.filter(({ kind }) => ['Namespace', 'PriorityClass'].includes(kind));
  const component = (workload: Workload) => podLabels(workload)['app.kubernetes.io/component'] ?? '';
  const needsOf = (workload: Workload): KubeObject[] => {
    if (workload.kind === 'Job') return databases;
    if (component(workload) === 'service') return [...databases, ...broker, ...jobs];
    return ['metrics', 'backup', 'backup-offsite'].includes(component(workload)) ? [...databases, ...jobs] : [];
  };
  return [
    ...list.flatMap((workload) => needsOf(workload).map((needs) => ({ of: workload.object, needs, healthy: true }))),
    ...objects
      .filter((object) => !setUp.includes(object) && object.metadata.namespace)
      .flatMap((of) => setUp.map((needs) => ({ of, needs, healthy: false }))),
    ...list.flatMap((workload) => references(objects, workload)),
    ...objects.flatMap((object) => {
      const target: unknown = Reflect.get(Object(Reflect.get(Object(object.spec), 'scaleTargetRef')), 'name');
      const needs = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === target);
      return needs ? [{ of: object, needs, healthy: false }] : [];
    }),
  ];
}

/** Secrets, ConfigMaps, accounts and claims that a pod names; and what makes a Secret, in the place of it. */
function references(objects: readonly KubeObject[], { object, template }: Workload): Dependency[] {
  const text = JSON.stringify(template);
  const names = new Set(
    [...text.matchAll(/"(?:name|secretName|claimName|serviceAccountName)":"([^"]+)"/g)].map(([, name]) => name),
  );
  const kinds = ['Secret', 'ConfigMap', 'ServiceAccount', 'PersistentVolumeClaim', 'ExternalSecret'];
  return objects
    .filter(({ kind, metadata }) => kinds.includes(kind) && names.has(metadata.name))
    .map((needs) => ({ of: object, needs, healthy: needs.kind === 'ExternalSecret' }));
}
