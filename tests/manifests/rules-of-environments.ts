import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import type { IService } from 'kubernetes-models/v1';
import { type KubeObject, nameOf, ofKind, podLabels, quantity, type Selector, selects, workloads } from './objects.ts';
import { breaks, each, eachContainer, longRunning, type Rule, services, statefulSets, without } from './rule.ts';
import { autoscalers, mostOf } from './usage.ts';

const POD = 'spec.template.spec';
const C = `${POD}.containers.0`;

/** Lets a service have this many pods, by its autoscaler or without one. */
export const grows =
  (name: string, replicas: number) =>
  (objects: KubeObject[]): void => {
    const isScaled = objects.some((o) => o.kind === 'HorizontalPodAutoscaler' && o.metadata.name === name);
    if (isScaled) breaks('HorizontalPodAutoscaler', name, 'spec.maxReplicas', replicas)(objects);
    else breaks('Deployment', name, 'spec.replicas', replicas)(objects);
  };

/** Availability, governance, Services and the stateful parts: what holds for an environment as a whole. */
export const environmentRules: Rule[] = [
  {
    name: 'every service is scaled by an autoscaler with a behavior, which alone owns the count',
    only: 'prod',
    check: (objects) =>
      each(services(objects), ({ name, object }) => {
        const scaler = autoscalers(objects).find(({ spec }) => spec?.scaleTargetRef.name === name);
        const { scaleUp, scaleDown } = scaler?.spec?.behavior ?? {};
        const fixed = Reflect.get(object.spec ?? {}, 'replicas');
        return !(scaleUp && scaleDown && scaler?.spec?.metrics?.length && fixed === undefined) && name;
      }),
    broken: [
      breaks('Deployment', 'order', 'spec.replicas', 2),
      breaks('HorizontalPodAutoscaler', 'order', 'spec.behavior'),
      without('HorizontalPodAutoscaler', 'order'),
    ],
  },
  {
    name: 'whatever has no autoscaler states its count',
    check: (objects) =>
      each(longRunning(objects), ({ name, object }) => {
        const isScaled = autoscalers(objects).some(({ spec }) => spec?.scaleTargetRef.name === name);
        return !isScaled && typeof Reflect.get(object.spec ?? {}, 'replicas') !== 'number' && name;
      }),
    broken: [breaks('StatefulSet', 'order-db', 'spec.replicas')],
  },
  {
    name: 'one pod of every service, and no autoscaler',
    only: 'dev',
    check: (objects) => [
      ...each(autoscalers(objects), ({ metadata }) => metadata.name),
      ...each(services(objects), ({ name, object }) => Reflect.get(object.spec ?? {}, 'replicas') !== 1 && name),
    ],
    broken: [breaks('Deployment', 'order', 'spec.replicas', 2), breaks('Deployment', 'order', 'spec.replicas')],
  },
  {
    name: 'the nodes of the broker are never on one machine',
    only: 'prod',
    check: (objects) => {
      const broker = workloads(objects).find(({ name }) => name === 'rabbitmq');
      const terms =
        broker?.template.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
      const apart = terms.some(
        ({ topologyKey, labelSelector }) =>
          topologyKey === 'kubernetes.io/hostname' && broker && selects(labelSelector, podLabels(broker)),
      );
      return apart ? [] : ['rabbitmq'];
    },
    broken: [breaks('StatefulSet', 'rabbitmq', `${POD}.affinity`)],
  },
  {
    name: 'two replicas of every service at least, and three nodes of the broker',
    only: 'prod',
    check: (objects) => [
      ...each(autoscalers(objects), ({ metadata, spec }) => !((spec?.minReplicas ?? 1) >= 2) && metadata.name),
      ...each(
        statefulSets(objects),
        ({ metadata, spec }) => metadata.name === 'rabbitmq' && spec?.replicas !== 3 && 'rabbitmq',
      ),
    ],
    broken: [
      breaks('HorizontalPodAutoscaler', 'order', 'spec.minReplicas', 1),
      breaks('StatefulSet', 'rabbitmq', 'spec.replicas', 1),
    ],
  },
  {
    name: 'whatever runs has a budget that always lets one pod move, and a sick one',
    check: (objects) =>
      each(longRunning(objects), (workload) => {
        const budgets = ofKind<IPodDisruptionBudget>(objects, 'PodDisruptionBudget').filter(({ spec }) =>
          selects(spec?.selector, podLabels(workload)),
        );
        const { maxUnavailable, unhealthyPodEvictionPolicy, minAvailable } = budgets[0]?.spec ?? {};
        const right =
          budgets.length === 1 &&
          maxUnavailable === 1 &&
          minAvailable === undefined &&
          unhealthyPodEvictionPolicy === 'AlwaysAllow';
        return !right && workload.name;
      }),
    broken: [
      breaks('PodDisruptionBudget', 'order', 'spec.unhealthyPodEvictionPolicy'),
      breaks('PodDisruptionBudget', 'order-db', 'spec.maxUnavailable', 0),
      breaks('PodDisruptionBudget', 'order', 'spec.selector', {
        matchLabels: { 'app.kubernetes.io/component': 'service' },
      }),
      without('PodDisruptionBudget', 'rabbitmq'),
    ],
  },
  {
    name: 'what holds data has priority',
    check: (objects) =>
      each(workloads(objects), ({ kind, name, template }) => {
        const of = objects.find(
          (o) => o.kind === 'PriorityClass' && o.metadata.name === template.spec?.priorityClassName,
        );
        return kind === 'StatefulSet' && !of && name;
      }),
    broken: [breaks('StatefulSet', 'order-db', `${POD}.priorityClassName`), without('PriorityClass', /./)],
  },
  {
    name: 'the namespace enforces Pod Security restricted, and is bound by the house rules',
    check: (objects) => {
      const [namespace] = ofKind<KubeObject>(objects, 'Namespace');
      const binding = ofKind<{
        spec?: { matchResources?: { namespaceSelector?: Selector }; validationActions?: string[] };
      }>(objects, 'ValidatingAdmissionPolicyBinding')[0];
      const labels = namespace?.metadata.labels ?? {};
      const bound =
        selects(binding?.spec?.matchResources?.namespaceSelector, labels) &&
        binding?.spec?.validationActions?.includes('Deny');
      return labels['pod-security.kubernetes.io/enforce'] === 'restricted' && bound ? [] : ['the namespace'];
    },
    broken: [
      breaks('Namespace', /./, 'metadata.labels.pod-security~kubernetes~io/enforce', 'baseline'),
      breaks('Namespace', /./, 'metadata.labels.app~kubernetes~io/part-of', 'something-else'),
      without('ValidatingAdmissionPolicyBinding', /./),
    ],
  },
  {
    name: 'the namespace has a quota and defaults',
    check: (objects) => each(['ResourceQuota', 'LimitRange'], (kind) => !objects.some((o) => o.kind === kind) && kind),
    broken: [without('ResourceQuota', /./), without('LimitRange', /./)],
  },
  {
    name: 'the quota holds everything, also while every service rolls at its largest',
    check: (objects) => {
      const hard = ofKind<{ spec?: { hard?: Record<string, string> } }>(objects, 'ResourceQuota')[0]?.spec?.hard ?? {};
      const [requests, limits] = ['requests', 'limits'].map((kind) =>
        ['cpu', 'memory', 'ephemeral-storage'].map((name) => `${kind}.${name}`),
      );
      const wanted = [
        ...(requests ?? []),
        ...(limits ?? []).slice(1),
        'pods',
        'persistentvolumeclaims',
        'requests.storage',
      ];
      return each(wanted, (name) => {
        const most = mostOf(objects, name);
        return !(most <= quantity(hard[name])) && `${name}: ${most} of ${hard[name]}`;
      });
    },
    broken: [
      breaks('ResourceQuota', /./, 'spec.hard.pods', '9'),
      breaks('ResourceQuota', /./, 'spec.hard.persistentvolumeclaims', '4'),
      breaks('ResourceQuota', /./, 'spec.hard.requests~storage', '9Gi'),
      breaks('ResourceQuota', /./, 'spec.hard.limits~memory', '1Gi'),
      breaks('Deployment', 'order', `${C}.resources.limits.memory`, '9Gi'),
      grows('order', 500),
    ],
  },
  {
    name: 'and that is 4 GiB at most',
    only: 'dev',
    check: (objects) => {
      const quota = ofKind<{ spec?: { hard?: Record<string, string> } }>(objects, 'ResourceQuota')[0]?.spec?.hard?.[
        'limits.memory'
      ];
      return quantity(quota) <= 4 * 2 ** 30 ? [] : [String(quota)];
    },
    broken: [breaks('ResourceQuota', /./, 'spec.hard.limits~memory', '8Gi')],
  },
  {
    name: 'objects and pods say by labels what they are and what they belong to',
    check: (objects) => [
      ...each(objects, (object) => {
        const labels = object.metadata.labels ?? {};
        const isIn =
          /^tradepost-/.test(labels['app.kubernetes.io/instance'] ?? '') && labels['app.kubernetes.io/managed-by'];
        // What a cluster has once is in no environment.
        if (object.metadata.namespace && !isIn) return nameOf(object);
        // What a generator makes has a name that says so.
        if (['Secret', 'ConfigMap'].includes(object.kind)) return undefined;
        return (
          !(labels['app.kubernetes.io/name'] && labels['app.kubernetes.io/part-of'] === 'tradepost') && nameOf(object)
        );
      }),
      ...each(workloads(objects), (workload) => {
        const wanted = ['name', 'component', 'part-of', 'instance', 'managed-by'].map(
          (label) => podLabels(workload)[`app.kubernetes.io/${label}`],
        );
        return !wanted.every(Boolean) && `pods of ${workload.name}`;
      }),
    ],
    broken: [
      breaks('Service', 'order', 'metadata.labels'),
      breaks('Secret', /^order-[a-z0-9]{10}$/, 'metadata.labels.app~kubernetes~io/instance'),
      breaks('Deployment', 'order', 'spec.template.metadata.labels.app~kubernetes~io/name'),
    ],
  },
  {
    name: 'images are named by version, never by latest',
    check: (objects) =>
      each(
        eachContainer(workloads(objects)),
        ({ at, container: { image = '' } }) =>
          !(image.includes('@sha256:') || /:\d+\.\d+/.test(image)) && `${at} ${image}`,
      ),
    broken: [
      breaks('Deployment', 'order', `${C}.image`, 'order:latest'),
      breaks('StatefulSet', 'order-db', `${C}.image`, 'postgres'),
    ],
  },
  {
    name: 'images of others are named by digest, since a tag may come to mean another image',
    check: (objects) =>
      each(
        eachContainer(workloads(objects)),
        ({ at, container: { image = '' } }) =>
          /^(?:docker|quay)\.io\//.test(image) && !/@sha256:[0-9a-f]{64}$/.test(image) && `${at} ${image}`,
      ),
    broken: [breaks('StatefulSet', 'order-db', `${C}.image`, 'docker.io/library/postgres:18.4-trixie')],
  },
  {
    name: 'images are named by digest',
    only: 'prod',
    check: (objects) =>
      each(
        eachContainer(workloads(objects)),
        ({ at, container: { image = '' } }) => !/@sha256:[0-9a-f]{64}$/.test(image) && `${at} ${image}`,
      ),
    broken: [breaks('Deployment', 'order', `${C}.image`, 'ghcr.io/tradepost/order:0.1.0')],
  },
  {
    name: 'Services that balance prefer the same zone and name the port they lead to; a StatefulSet has a headless one',
    check: (objects) => [
      ...each(ofKind<IService>(objects, 'Service'), ({ metadata, spec }) => {
        // A headless one only answers with the addresses of its pods.
        if (spec?.clusterIP === 'None') return false;
        const named = spec?.ports?.every(
          ({ targetPort }) => typeof targetPort === 'string' && Number.isNaN(Number(targetPort)),
        );
        return !(named && spec?.trafficDistribution === 'PreferSameZone') && metadata.name;
      }),
      ...each(statefulSets(objects), ({ metadata, spec }) => {
        const headless = ofKind<IService>(objects, 'Service').find((o) => o.metadata.name === spec?.serviceName);
        return headless?.spec?.clusterIP !== 'None' && metadata.name;
      }),
    ],
    broken: [
      breaks('Service', 'order', 'spec.trafficDistribution'),
      breaks('Service', 'order', 'spec.ports.0.targetPort', 8080),
      without('Service', 'order-db-headless'),
    ],
  },
  {
    name: 'secrets come from a generator, with the hash in their name that makes a change roll the pods',
    check: (objects) =>
      each(
        ofKind<KubeObject>(objects, 'Secret'),
        ({ metadata }) => !/-[a-z0-9]{10}$/.test(metadata.name) && metadata.name,
      ),
    broken: [breaks('Secret', /^order-[a-z0-9]{10}$/, 'metadata.name', 'order')],
  },
];
