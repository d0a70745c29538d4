import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { containersOf, type KubeObject, ofKind, quantity, type Workload, workloads } from './objects.ts';

export const autoscalers = (objects: readonly KubeObject[]) =>
  ofKind<IHorizontalPodAutoscaler>(objects, 'HorizontalPodAutoscaler');

type ScaledObject = { spec: { scaleTargetRef: { name: string }; maxReplicaCount: number } };
type Resources = Record<'requests' | 'limits', Record<string, string> | undefined>;
type Archive = { spec: { instanceSidecarConfiguration: { resources: Resources } } };
/** Databases that CloudNativePG runs: their pods are not in the manifests. */
type DatabaseCluster = { spec: { instances: number; storage: { size: string }; resources: Resources } };

/** The most pods there may be of it: of a service its largest number and one more, while it rolls. */
function mostPods(objects: readonly KubeObject[], { name, kind, object }: Workload): number {
  const scaler = autoscalers(objects).find(({ spec }) => spec?.scaleTargetRef.name === name)?.spec;
  const queued = ofKind<ScaledObject>(objects, 'ScaledObject').find(
    ({ spec }) => spec.scaleTargetRef.name === name,
  )?.spec;
  const fixed =
    scaler?.maxReplicas ?? queued?.maxReplicaCount ?? Number(Reflect.get(object.spec ?? {}, 'replicas') ?? 1);
  return kind === 'Deployment' ? fixed + 1 : fixed;
}

/** Sizes of the volumes that are claimed. */
function claims(objects: readonly KubeObject[]): number[] {
  type Claim = { spec: { resources: { requests: { storage: string } } } };
  const sizeOf = ({ spec }: Claim) => quantity(spec.resources.requests.storage);
  const templates = workloads(objects).flatMap((workload) => {
    const list: Claim[] = Reflect.get(workload.object.spec ?? {}, 'volumeClaimTemplates') ?? [];
    return list.flatMap((claim) => Array.from({ length: mostPods(objects, workload) }, () => sizeOf(claim)));
  });
  const clustered = ofKind<DatabaseCluster>(objects, 'Cluster').flatMap(({ spec }) =>
    Array.from({ length: spec.instances }, () => quantity(spec.storage.size)),
  );
  return [...templates, ...clustered, ...ofKind<Claim>(objects, 'PersistentVolumeClaim').map(sizeOf)];
}

/** The most that there may be of something that a quota counts: `limits.memory`, `pods`, `requests.storage`. */
export function mostOf(objects: readonly KubeObject[], what: string): number {
  if (what === 'persistentvolumeclaims') return claims(objects).length;
  if (what === 'requests.storage') return claims(objects).reduce((sum, size) => sum + size, 0);
  const [kind = '', name = ''] = what.split(/\.(.*)/);
  const list = (resources: Resources) => (kind === 'requests' ? resources.requests : resources.limits)?.[name] ?? '0';
  // The container that archives, beside each instance.
  const sidecar = ofKind<Archive>(objects, 'ObjectStore').map(
    ({ spec }) => spec.instanceSidecarConfiguration.resources,
  );
  const clustered = ofKind<DatabaseCluster>(objects, 'Cluster').reduce((sum, { spec }) => {
    const perPod = [spec.resources, ...sidecar].reduce((total, resources) => total + quantity(list(resources)), 0);
    return sum + spec.instances * (what === 'pods' ? 1 : perPod);
  }, 0);
  return workloads(objects).reduce((sum, workload) => {
    const pods = mostPods(objects, workload);
    if (what === 'pods') return sum + pods;
    const perPod = containersOf(workload)
      .filter(({ init }) => !init)
      .reduce(
        (total, { resources }) =>
          total + quantity((kind === 'requests' ? resources?.requests : resources?.limits)?.[name]),
        0,
      );
    return sum + pods * perPod;
  }, clustered);
}
