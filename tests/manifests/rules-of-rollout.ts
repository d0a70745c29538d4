import { containersOf, workloads } from './objects.ts';
import {
  deployments,
  eachContainer,
  longRunning,
  problemsOf,
  type Rule,
  services,
  setField,
  statefulSets,
} from './rule.ts';

const POD = 'spec.template.spec';
const C = `${POD}.containers.0`;

/** How pods are replaced, stopped and migrated. */
export const rolloutRules: Rule[] = [
  {
    name: 'Deployments roll one pod at a time, never with one less, and keep two revisions',
    check: (objects) =>
      problemsOf(deployments(objects), ({ metadata, spec }) => {
        const { maxSurge, maxUnavailable } = spec?.strategy?.rollingUpdate ?? {};
        const right =
          maxSurge === 1 && maxUnavailable === 0 && spec?.revisionHistoryLimit === 2 && (spec.minReadySeconds ?? 0) > 0;
        return !right && metadata.name;
      }),
    mutations: [
      setField('Deployment', 'order', 'spec.revisionHistoryLimit'),
      setField('Deployment', 'order', 'spec.strategy.rollingUpdate.maxUnavailable', 1),
      setField('Deployment', 'order', 'spec.strategy.rollingUpdate.maxSurge', '25%'),
      setField('Deployment', 'order', 'spec.minReadySeconds'),
    ],
  },
  {
    name: 'StatefulSets keep two revisions, say how pods are managed, and keep their volumes',
    check: (objects) =>
      problemsOf(statefulSets(objects), ({ metadata, spec }) => {
        const retention = spec?.persistentVolumeClaimRetentionPolicy;
        const right = spec?.revisionHistoryLimit === 2 && spec.podManagementPolicy && (spec.minReadySeconds ?? 0) > 0;
        return (
          !(
            right &&
            retention?.whenDeleted === 'Retain' &&
            retention.whenScaled === 'Retain' &&
            spec.volumeClaimTemplates?.length
          ) && metadata.name
        );
      }),
    mutations: [
      setField('StatefulSet', 'rabbitmq', 'spec.podManagementPolicy'),
      setField('StatefulSet', 'order-db', 'spec.persistentVolumeClaimRetentionPolicy.whenDeleted', 'Delete'),
      setField('StatefulSet', 'order-db', 'spec.revisionHistoryLimit', 10),
    ],
  },
  {
    name: 'a service sleeps 5 s before it is stopped, and has time to drain after that',
    check: (objects) =>
      problemsOf(services(objects), (workload) => {
        const container = containersOf(workload).find(({ name }) => name === 'service');
        const env = new Map(container?.env?.map(({ name, value }) => [name, Number(value)]));
        const sleep = container?.lifecycle?.preStop?.sleep?.seconds ?? 0;
        const drain =
          ((env.get('SHUTDOWN_DELAY_MS') ?? Number.NaN) + (env.get('SHUTDOWN_TIMEOUT_MS') ?? Number.NaN)) / 1000;
        const grace = workload.template.spec?.terminationGracePeriodSeconds ?? 0;
        return (
          !(sleep >= 5 && sleep < grace && grace > sleep + drain + 5) &&
          `${workload.name}: ${sleep} + ${drain} of ${grace} s`
        );
      }),
    mutations: [
      setField('Deployment', 'order', `${C}.lifecycle`),
      setField('Deployment', 'order', `${C}.lifecycle.preStop.sleep.seconds`, 1),
      setField('Deployment', 'order', `${POD}.terminationGracePeriodSeconds`, 20),
    ],
  },
  {
    name: 'whatever a Service leads to sleeps before it is stopped',
    check: (objects) =>
      problemsOf(
        eachContainer(longRunning(objects).filter(({ kind }) => kind === 'Deployment')),
        ({ at, container: { init, lifecycle } }) => !init && !((lifecycle?.preStop?.sleep?.seconds ?? 0) >= 5) && at,
      ),
    mutations: [setField('Deployment', 'order', `${C}.lifecycle.preStop`)],
  },
  {
    name: 'what holds data is told before it is stopped, and has minutes for it',
    check: (objects) =>
      problemsOf(
        eachContainer(workloads(objects).filter(({ kind }) => kind === 'StatefulSet')),
        ({ at, container, workload }) => {
          const grace = workload.template.spec?.terminationGracePeriodSeconds ?? 0;
          return !container.init && !(container.lifecycle?.preStop?.exec && grace >= 120) && at;
        },
      ),
    mutations: [
      setField('StatefulSet', 'order-db', `${C}.lifecycle`),
      setField('StatefulSet', 'rabbitmq', `${POD}.terminationGracePeriodSeconds`, 30),
    ],
  },
  {
    name: 'the tables are migrated by an init container of the very image, before a new version takes traffic',
    check: (objects) =>
      problemsOf(services(objects), (workload) => {
        const [migrate, service] = ['migrate', 'service'].map((name) =>
          containersOf(workload).find((c) => c.name === name),
        );
        const env = (of: typeof migrate) => JSON.stringify([of?.env, of?.envFrom]);
        return (
          !(
            migrate?.init &&
            migrate.image === service?.image &&
            migrate.command?.at(-1) === 'migrate' &&
            env(migrate) === env(service)
          ) && workload.name
        );
      }),
    mutations: [
      setField('Deployment', 'order', `${POD}.initContainers`, []),
      setField('Deployment', 'order', `${POD}.initContainers.0.image`, 'ghcr.io/tradepost/order:0.0.9'),
    ],
  },
];
