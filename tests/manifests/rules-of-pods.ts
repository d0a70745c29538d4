// Long: a table of rules
import { containersOf, podLabels, quantity, selects, workloads } from './objects.ts';
import {
  breaks,
  databases,
  deployments,
  each,
  eachContainer,
  longRunning,
  type Rule,
  services,
  statefulSets,
} from './rule.ts';

const POD = 'spec.template.spec';
const C = `${POD}.containers.0`;

/** Rollout, health, resources and security: what the pods of every workload carry. */
export const podRules: Rule[] = [
  {
    name: 'Deployments roll one pod at a time, never with one less, and keep two revisions',
    check: (objects) =>
      each(deployments(objects), ({ metadata, spec }) => {
        const { maxSurge, maxUnavailable } = spec?.strategy?.rollingUpdate ?? {};
        const right =
          maxSurge === 1 && maxUnavailable === 0 && spec?.revisionHistoryLimit === 2 && (spec.minReadySeconds ?? 0) > 0;
        return !right && metadata.name;
      }),
    broken: [
      breaks('Deployment', 'order', 'spec.revisionHistoryLimit'),
      breaks('Deployment', 'order', 'spec.strategy.rollingUpdate.maxUnavailable', 1),
      breaks('Deployment', 'order', 'spec.strategy.rollingUpdate.maxSurge', '25%'),
      breaks('Deployment', 'order', 'spec.minReadySeconds'),
    ],
  },
  {
    name: 'StatefulSets keep two revisions, say how pods are managed, and keep their volumes',
    check: (objects) =>
      each(statefulSets(objects), ({ metadata, spec }) => {
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
    broken: [
      breaks('StatefulSet', 'rabbitmq', 'spec.podManagementPolicy'),
      breaks('StatefulSet', 'order-db', 'spec.persistentVolumeClaimRetentionPolicy.whenDeleted', 'Delete'),
      breaks('StatefulSet', 'order-db', 'spec.revisionHistoryLimit', 10),
    ],
  },
  {
    name: 'a service sleeps 5 s before it is stopped, and has time to drain after that',
    check: (objects) =>
      each(services(objects), (workload) => {
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
    broken: [
      breaks('Deployment', 'order', `${C}.lifecycle`),
      breaks('Deployment', 'order', `${C}.lifecycle.preStop.sleep.seconds`, 1),
      breaks('Deployment', 'order', `${POD}.terminationGracePeriodSeconds`, 20),
    ],
  },
  {
    name: 'what holds data is told before it is stopped, and has minutes for it',
    check: (objects) =>
      each(
        eachContainer(workloads(objects).filter(({ kind }) => kind === 'StatefulSet')),
        ({ at, container, workload }) => {
          const grace = workload.template.spec?.terminationGracePeriodSeconds ?? 0;
          return !container.init && !(container.lifecycle?.preStop?.exec && grace >= 120) && at;
        },
      ),
    broken: [
      breaks('StatefulSet', 'order-db', `${C}.lifecycle`),
      breaks('StatefulSet', 'rabbitmq', `${POD}.terminationGracePeriodSeconds`, 30),
    ],
  },
  {
    name: 'what runs has startup, readiness and liveness probes, and the last two differ',
    check: (objects) =>
      each(
        eachContainer(longRunning(objects)),
        ({ at, container: { init, startupProbe, readinessProbe, livenessProbe } }) => {
          const { periodSeconds: _p, failureThreshold: _f, timeoutSeconds: _t, ...ready } = readinessProbe ?? {};
          const { periodSeconds: _q, failureThreshold: _g, timeoutSeconds: _u, ...live } = livenessProbe ?? {};
          return (
            !init &&
            !(startupProbe && readinessProbe && livenessProbe && JSON.stringify(ready) !== JSON.stringify(live)) &&
            at
          );
        },
      ),
    broken: [
      breaks('Deployment', 'auth', `${C}.startupProbe`),
      breaks('StatefulSet', 'auth-db', `${C}.readinessProbe`),
      breaks('Deployment', 'auth', `${C}.livenessProbe.httpGet.path`, '/readyz'),
    ],
  },
  {
    name: 'services are probed on the management port, and their liveness looks at nothing but the process',
    check: (objects) =>
      each(services(objects), (workload) => {
        const { startupProbe, readinessProbe, livenessProbe } =
          containersOf(workload).find((c) => c.name === 'service') ?? {};
        const right =
          [startupProbe, readinessProbe, livenessProbe].every((probe) => probe?.httpGet?.port === 'management') &&
          startupProbe?.httpGet?.path === '/livez' &&
          livenessProbe?.httpGet?.path === '/livez' &&
          readinessProbe?.httpGet?.path === '/readyz';
        return !right && workload.name;
      }),
    broken: [
      breaks('Deployment', 'auth', `${C}.livenessProbe.httpGet.port`, 'http'),
      breaks('Deployment', 'auth', `${C}.readinessProbe.httpGet.path`, '/livez'),
    ],
  },
  {
    name: 'databases are asked by pg_isready over TCP, the broker by its ports',
    check: (objects) => [
      ...each(eachContainer(databases(objects)), ({ at, container: { init, readinessProbe, startupProbe } }) => {
        const asks = (probe: typeof readinessProbe) =>
          probe?.exec?.command?.[0] === 'pg_isready' && probe.exec.command.includes('-h');
        return !init && !(asks(readinessProbe) && asks(startupProbe)) && at;
      }),
      ...each(eachContainer(workloads(objects).filter(({ name }) => name === 'rabbitmq')), ({ at, container: c }) => {
        const ports = [c.startupProbe, c.readinessProbe, c.livenessProbe].map((probe) => probe?.tcpSocket?.port);
        return !c.init && ports.join() !== 'amqp,amqp,metrics' && at;
      }),
    ],
    broken: [
      breaks('StatefulSet', 'order-db', `${C}.readinessProbe.exec.command`, ['pg_isready']),
      breaks('StatefulSet', 'rabbitmq', `${C}.livenessProbe`, { exec: { command: ['rabbitmq-diagnostics', 'ping'] } }),
    ],
  },
  {
    name: 'every container requests CPU, memory and scratch space, and is limited in all three',
    check: (objects) =>
      each(eachContainer(workloads(objects)), ({ at, container: { resources } }) => {
        const { requests = {}, limits = {} } = resources ?? {};
        const bounded = ['cpu', 'memory', 'ephemeral-storage'].every(
          (name) => quantity(requests[name]) <= quantity(limits[name]),
        );
        return !(bounded && quantity(requests.cpu) > 0) && at;
      }),
    broken: [
      breaks('Deployment', 'product', `${C}.resources.requests.cpu`),
      breaks('Deployment', 'product', `${C}.resources.limits.memory`),
      breaks('Deployment', 'product', `${C}.resources.limits.cpu`),
      breaks('StatefulSet', 'product-db', `${C}.resources.requests.ephemeral-storage`),
      breaks('StatefulSet', 'product-db', `${POD}.initContainers.0.resources`),
      breaks('Deployment', 'product', `${C}.resources.requests.memory`, '9Gi'),
    ],
  },
  {
    name: 'the heap of Node.js is bounded by the limit of its container',
    check: (objects) =>
      each(eachContainer(services(objects)), ({ at, container }) => {
        const percentage = container.command
          ?.map((arg) => /^--max-old-space-size-percentage=(\d+)$/.exec(arg)?.[1])
          .find(Boolean);
        const isBounded = Number(percentage) <= 75 && container.command?.includes('--max-semi-space-size=8');
        return container.command?.[0] === 'node' && !isBounded && at;
      }),
    broken: [
      breaks('Deployment', 'product', `${C}.command`, ['node', '--max-semi-space-size=8', '/app/src/service.mjs']),
      breaks('Deployment', 'product', `${C}.command`, [
        'node',
        '--max-old-space-size-percentage=60',
        '/app/src/service.mjs',
      ]),
    ],
  },
  {
    name: 'what runs says what a change of its resources needs',
    check: (objects) =>
      each(
        eachContainer(longRunning(objects)),
        ({ at, container }) => !container.init && container.resizePolicy?.length !== 2 && at,
      ),
    broken: [breaks('Deployment', 'product', `${C}.resizePolicy`)],
  },
  {
    name: 'pods spread over nodes and zones, and those of a service by revision',
    check: (objects) =>
      each(longRunning(objects), (workload) => {
        const constraints = workload.template.spec?.topologySpreadConstraints ?? [];
        const keys = constraints.map(({ topologyKey }) => topologyKey);
        const wanted = databases(objects).some(({ name }) => name === workload.name)
          ? ['kubernetes.io/hostname']
          : ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'];
        const right =
          wanted.every((key) => keys.includes(key)) &&
          constraints.every((c) => selects(c.labelSelector, podLabels(workload))) &&
          (workload.kind !== 'Deployment' || constraints.every((c) => c.matchLabelKeys?.includes('pod-template-hash')));
        return !right && workload.name;
      }),
    broken: [
      breaks('Deployment', 'order', `${POD}.topologySpreadConstraints`),
      breaks('Deployment', 'order', `${POD}.topologySpreadConstraints.0.matchLabelKeys`),
      breaks('StatefulSet', 'rabbitmq', `${POD}.topologySpreadConstraints.0.labelSelector`, {
        matchLabels: { a: 'b' },
      }),
    ],
  },
  {
    name: 'pods are fit for Pod Security restricted, with a fixed user and a read-only root file system',
    check: (objects) => [
      ...each(workloads(objects), (workload) => {
        const { spec } = workload.template;
        const security = spec?.securityContext;
        const fixed = [security?.runAsUser, security?.runAsGroup].every((id) => typeof id === 'number' && id > 0);
        const host =
          spec?.hostNetwork || spec?.hostPID || spec?.hostIPC || spec?.volumes?.some(({ hostPath }) => hostPath);
        return (
          !(security?.runAsNonRoot && fixed && security.seccompProfile?.type === 'RuntimeDefault' && !host) &&
          workload.name
        );
      }),
      ...each(eachContainer(workloads(objects)), ({ at, container: { securityContext: security } }) => {
        const dropped = security?.capabilities?.drop?.join() === 'ALL' && !security.capabilities.add;
        const right =
          security?.allowPrivilegeEscalation === false &&
          security.readOnlyRootFilesystem &&
          dropped &&
          !security.privileged;
        return !right && at;
      }),
    ],
    broken: [
      breaks('Deployment', 'order', `${POD}.securityContext.runAsNonRoot`),
      breaks('Deployment', 'order', `${POD}.securityContext.runAsUser`),
      breaks('StatefulSet', 'rabbitmq', `${POD}.securityContext.seccompProfile`),
      breaks('StatefulSet', 'rabbitmq', `${POD}.initContainers.0.securityContext.allowPrivilegeEscalation`),
      breaks('StatefulSet', 'order-db', `${C}.securityContext.readOnlyRootFilesystem`),
      breaks('StatefulSet', 'order-db', `${C}.securityContext.capabilities.drop`, ['NET_RAW']),
      breaks('Deployment', 'order', `${POD}.hostNetwork`, true),
    ],
  },
  {
    name: 'what keeps data on a volume owns it by group',
    check: (objects) =>
      each(longRunning(objects), ({ name, template }) => {
        const { fsGroup, runAsGroup } = template.spec?.securityContext ?? {};
        return !(fsGroup && fsGroup === runAsGroup) && name;
      }),
    broken: [breaks('StatefulSet', 'order-db', `${POD}.securityContext.fsGroup`)],
  },
  {
    name: 'pods have an account of their own, without its token, and no list of all Services in their environment',
    check: (objects) =>
      each(workloads(objects), ({ name, template }) => {
        const { serviceAccountName, automountServiceAccountToken, enableServiceLinks } = template.spec ?? {};
        const account = objects.find((o) => o.kind === 'ServiceAccount' && o.metadata.name === serviceAccountName);
        const silent =
          automountServiceAccountToken === false &&
          account &&
          Reflect.get(account, 'automountServiceAccountToken') === false;
        return !(silent && enableServiceLinks === false && serviceAccountName !== 'default') && name;
      }),
    broken: [
      breaks('Deployment', 'order', `${POD}.serviceAccountName`, 'default'),
      breaks('Deployment', 'order', `${POD}.automountServiceAccountToken`),
      breaks('ServiceAccount', 'order-db', 'automountServiceAccountToken'),
      breaks('StatefulSet', 'rabbitmq', `${POD}.enableServiceLinks`),
    ],
  },
  {
    name: 'the tables are migrated by an init container of the very image, before a new version takes traffic',
    check: (objects) =>
      each(services(objects), (workload) => {
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
    broken: [
      breaks('Deployment', 'order', `${POD}.initContainers`, []),
      breaks('Deployment', 'order', `${POD}.initContainers.0.image`, 'ghcr.io/tradepost/order:0.0.9'),
    ],
  },
];
