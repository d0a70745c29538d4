import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ofKind, podLabels, selects, workloads } from './objects.ts';
import { breaks, each, longRunning, type Rule, services, statefulSets, without } from './rule.ts';
import { autoscalers } from './usage.ts';

const POD = 'spec.template.spec';

/** Replicas, autoscalers, budgets and priorities. */
export const availabilityRules: Rule[] = [
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
];
