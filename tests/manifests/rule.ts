import type { IDeployment, IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IContainer } from 'kubernetes-models/v1';
import { containersOf, type KubeObject, ofKind, type Workload, workloads } from './objects.ts';

/** A rule of the house, over all rendered objects of one environment. */
export type Rule = {
  name: string;
  /** Where it holds; everywhere if it does not say. */
  only?: 'dev' | 'prod';
  /** What is wrong, or nothing. */
  check(objects: readonly KubeObject[]): string[];
  /** Ways to break it, each done to a copy: the rule must then report. */
  mutations: ((objects: KubeObject[]) => void)[];
};

/** The Deployments of services. */
export const deployments = (objects: readonly KubeObject[]) => ofKind<IDeployment>(objects, 'Deployment');
export const statefulSets = (objects: readonly KubeObject[]) => ofKind<IStatefulSet>(objects, 'StatefulSet');
/** Workloads that run until they are stopped. */
export const longRunning = (objects: readonly KubeObject[]): Workload[] =>
  workloads(objects).filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet' || kind === 'Rollout');
/** Deployments of our own services, of which each has a container `service`. */
export const services = (objects: readonly KubeObject[]): Workload[] =>
  workloads(objects).filter((w) => containersOf(w).some(({ name, init }) => name === 'service' && !init));
export const databases = (objects: readonly KubeObject[]): Workload[] =>
  workloads(objects).filter(
    ({ kind, object }) =>
      kind === 'StatefulSet' && object.metadata.labels?.['app.kubernetes.io/component'] === 'database',
  );

/** The containers of workloads, each with what to call it. */
export function eachContainer(
  list: readonly Workload[],
): { at: string; container: IContainer & { init: boolean }; workload: Workload }[] {
  return list.flatMap((workload) =>
    containersOf(workload).map((container) => ({
      at: `${workload.kind} ${workload.name}/${container.name}`,
      container,
      workload,
    })),
  );
}

/** The problems of a list: `of` says what is wrong with one, or undefined. */
export function problemsOf<T>(list: readonly T[], of: (item: T) => string | undefined | false): string[] {
  return list.flatMap((item) => of(item) || []);
}

/** Finds an object to break. */
export function findObject(objects: KubeObject[], kind: string, name: string | RegExp): KubeObject {
  const found = objects.find(
    (o) => o.kind === kind && (typeof name === 'string' ? o.metadata.name === name : name.test(o.metadata.name)),
  );
  if (!found) throw new Error(`There is no ${kind} ${name} to break`);
  return found;
}

/** Sets a field of an object by its path, `spec.template.spec.containers.0.image`; undefined removes it. */
export function setPath(object: KubeObject, path: string, value?: unknown): void {
  const keys = path.split('.').map((key) => key.replaceAll('~', '.'));
  const last = keys.pop() ?? '';
  let at: unknown = object;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null) throw new Error(`${object.metadata.name} has no ${path}`);
    at = Reflect.get(at, key);
  }
  if (typeof at !== 'object' || at === null) throw new Error(`${object.metadata.name} has no ${path}`);
  if (value === undefined && !Reflect.has(at, last))
    throw new Error(`${object.metadata.name} has no ${path} to remove`);
  if (value === undefined) Reflect.deleteProperty(at, last);
  else Reflect.set(at, last, value);
}

/** Breaks one field of one object. */
export const setField =
  (kind: string, name: string | RegExp, path: string, value?: unknown) =>
  (objects: KubeObject[]): void =>
    setPath(findObject(objects, kind, name), path, value);

/** Takes an object away. */
export const removeObject =
  (kind: string, name: string | RegExp) =>
  (objects: KubeObject[]): void => {
    objects.splice(objects.indexOf(findObject(objects, kind, name)), 1);
  };

/** Lets a service have this many pods, by its autoscaler or without one. */
export const grows =
  (name: string, replicas: number) =>
  (objects: KubeObject[]): void => {
    const isScaled = objects.some((o) => o.kind === 'HorizontalPodAutoscaler' && o.metadata.name === name);
    if (isScaled) setField('HorizontalPodAutoscaler', name, 'spec.maxReplicas', replicas)(objects);
    else setField('Deployment', name, 'spec.replicas', replicas)(objects);
  };
