import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ofKind, podLabels, selects, workloads } from './objects.ts';
import { longRunning, problemsOf, type Rule, removeObject, services, setField, statefulSets } from './rule.ts';
import { autoscalers } from './usage.ts';

const POD = 'spec.template.spec';

/** Replicas, autoscalers, budgets and priorities. */
export const availabilityRules: Rule[] = [
  {
    name: 'every service is scaled by an autoscaler with a behavior, which alone owns the count',
    only: 'prod',
    check: (objects) =>
      problemsOf(services(objects), ({ name, object }) => {
        const scaler = autoscalers(objects).find(({ spec }) => spec?.scaleTargetRef.name === name);
        const { scaleUp, scaleDown } = scaler?.spec?.behavior ?? {};
        const fixed = Reflect.get(object.spec ?? {}, 'replicas');
        return !(scaleUp && scaleDown && scaler?.spec?.metrics?.length && fixed === undefined) && name;
      }),
    mutations: [
      setField('Deployment', 'order', 'spec.replicas', 2),
      setField('HorizontalPodAutoscaler', 'order', 'spec.behavior'),
      removeObject('HorizontalPodAutoscaler', 'order'),
    ],
  },
  {
    name: 'whatever has no autoscaler states its count',
    check: (objects) =>
      problemsOf(longRunning(objects), ({ name, object }) => {
        const isScaled = autoscalers(objects).some(({ spec }) => spec?.scaleTargetRef.name === name);
        return !isScaled && typeof Reflect.get(object.spec ?? {}, 'replicas') !== 'number' && name;
      }),
    mutations: [setField('StatefulSet', 'order-db', 'spec.replicas')],
  },
  {
    name: 'one pod of every service, and no autoscaler',
    only: 'dev',
    check: (objects) => [
      ...problemsOf(autoscalers(objects), ({ metadata }) => metadata.name),
      ...problemsOf(services(objects), ({ name, object }) => Reflect.get(object.spec ?? {}, 'replicas') !== 1 && name),
    ],
    mutations: [setField('Deployment', 'order', 'spec.replicas', 2), setField('Deployment', 'order', 'spec.replicas')],
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
    mutations: [setField('StatefulSet', 'rabbitmq', `${POD}.affinity`)],
  },
  {
    name: 'two replicas of every service at least, and three nodes of the broker',
    only: 'prod',
    check: (objects) => [
      ...problemsOf(autoscalers(objects), ({ metadata, spec }) => !((spec?.minReplicas ?? 1) >= 2) && metadata.name),
      ...problemsOf(
        statefulSets(objects),
        ({ metadata, spec }) => metadata.name === 'rabbitmq' && spec?.replicas !== 3 && 'rabbitmq',
      ),
    ],
    mutations: [
      setField('HorizontalPodAutoscaler', 'order', 'spec.minReplicas', 1),
      setField('StatefulSet', 'rabbitmq', 'spec.replicas', 1),
    ],
  },
  {
    name: 'whatever runs has a budget that always lets one pod move, and a sick one',
    check: (objects) =>
      problemsOf(longRunning(objects), (workload) => {
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
    mutations: [
      setField('PodDisruptionBudget', 'order', 'spec.unhealthyPodEvictionPolicy'),
      setField('PodDisruptionBudget', 'order-db', 'spec.maxUnavailable', 0),
      setField('PodDisruptionBudget', 'order', 'spec.selector', {
        matchLabels: { 'app.kubernetes.io/component': 'service' },
      }),
      removeObject('PodDisruptionBudget', 'rabbitmq'),
    ],
  },
  {
    name: 'everything has a priority, and what holds data the highest',
    check: (objects) =>
      problemsOf(workloads(objects), ({ kind, name, template }) => {
        const priority = (className: string | undefined): number => {
          const found = objects.find((o) => o.kind === 'PriorityClass' && o.metadata.name === className);
          return Number(Reflect.get(found ?? {}, 'value'));
        };
        const own = priority(template.spec?.priorityClassName);
        const isRight = kind === 'StatefulSet' ? own > priority('tradepost-service') : own > 0;
        return !isRight && name;
      }),
    mutations: [
      setField('StatefulSet', 'order-db', `${POD}.priorityClassName`),
      setField('StatefulSet', 'order-db', `${POD}.priorityClassName`, 'tradepost-service'),
      setField('Deployment', 'order', `${POD}.priorityClassName`),
      removeObject('PriorityClass', 'tradepost-service'),
    ],
  },
];
