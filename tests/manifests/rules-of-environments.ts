import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import type { IService } from 'kubernetes-models/v1';
import {
  containersOf,
  type KubeObject,
  nameOf,
  ofKind,
  podLabels,
  quantity,
  type Selector,
  selects,
  workloads,
} from './objects.ts';
import {
  breaks,
  databases,
  each,
  eachContainer,
  find,
  longRunning,
  type Rule,
  services,
  statefulSets,
  without,
} from './rule.ts';

const POD = 'spec.template.spec';
const C = `${POD}.containers.0`;
/** Connections of a service beside its pool: the relay's, and the one that listens. */
const DEDICATED = 2;

const autoscalers = (objects: readonly KubeObject[]) =>
  ofKind<IHorizontalPodAutoscaler>(objects, 'HorizontalPodAutoscaler');

/** Availability, governance, Services and the stateful parts: what holds for an environment as a whole. */
export const environmentRules: Rule[] = [
  {
    name: 'every service is scaled by an autoscaler with a behavior, which alone owns the count',
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
    name: 'everything fits in 4 GiB, also while every service rolls at its largest',
    only: 'dev',
    check: (objects) => {
      const memory = (list: ReturnType<typeof eachContainer>) =>
        list
          .filter(({ container }) => !container.init)
          .reduce((sum, { container }) => sum + quantity(container.resources?.limits?.memory), 0);
      const most = services(objects).map((w) => {
        const max =
          autoscalers(objects).find(({ spec }) => spec?.scaleTargetRef.name === w.name)?.spec?.maxReplicas ?? 1;
        return (max + 1) * memory(eachContainer([w]));
      });
      const total =
        memory(eachContainer(workloads(objects).filter(({ kind }) => kind !== 'Deployment'))) +
        most.reduce((a, b) => a + b, 0);
      const quota = ofKind<{ spec?: { hard?: Record<string, string> } }>(objects, 'ResourceQuota')[0]?.spec?.hard?.[
        'limits.memory'
      ];
      return total <= quantity(quota) && quantity(quota) <= 4 * 2 ** 30 ? [] : [`${total / 2 ** 20} MiB of ${quota}`];
    },
    broken: [
      breaks('ResourceQuota', /./, 'spec.hard.limits~memory', '8Gi'),
      breaks('Deployment', 'order', `${C}.resources.limits.memory`, '1Gi'),
    ],
  },
  {
    name: 'objects and pods say by labels what they are and what they belong to',
    check: (objects) => [
      ...each(objects, (object) => {
        // What a generator makes has a name that says so; labels on it would be no help.
        if (['Secret', 'ConfigMap'].includes(object.kind)) return undefined;
        const labels = object.metadata.labels ?? {};
        return (
          !(labels['app.kubernetes.io/name'] && labels['app.kubernetes.io/part-of'] === 'tradepost') && nameOf(object)
        );
      }),
      ...each(workloads(objects), (workload) => {
        const wanted = ['name', 'component', 'part-of'].map(
          (label) => podLabels(workload)[`app.kubernetes.io/${label}`],
        );
        return !wanted.every(Boolean) && `pods of ${workload.name}`;
      }),
    ],
    broken: [
      breaks('Service', 'order', 'metadata.labels'),
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
    name: 'Services prefer the same zone and name the port they lead to; a StatefulSet has a headless one',
    check: (objects) => [
      ...each(ofKind<IService>(objects, 'Service'), ({ metadata, spec }) => {
        const headless = spec?.clusterIP === 'None';
        const named = spec?.ports?.every(
          ({ targetPort }) => typeof targetPort === 'string' && Number.isNaN(Number(targetPort)),
        );
        return !(named && (headless || spec?.trafficDistribution === 'PreferSameZone')) && metadata.name;
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
    name: 'PostgreSQL keeps its data below the mount, with checksums and scram-sha-256, and may write where it must',
    check: (objects) =>
      each(databases(objects), (workload) => {
        const container = containersOf(workload).find(({ init }) => !init);
        const env = new Map(container?.env?.map(({ name, value }) => [name, value ?? '']));
        const mounts = new Map(container?.volumeMounts?.map(({ name, mountPath }) => [mountPath, name]));
        const shm = workload.template.spec?.volumes?.find(({ name }) => name === mounts.get('/dev/shm'));
        const below =
          env.get('PGDATA')?.startsWith('/var/lib/postgresql/data/') &&
          mounts.get('/var/lib/postgresql/data') === 'data';
        const arguments_ = env.get('POSTGRES_INITDB_ARGS') ?? '';
        const safe = ['--data-checksums', '--auth-host=scram-sha-256', '--auth-local=peer'].every((arg) =>
          arguments_.includes(arg),
        );
        const large = shm?.emptyDir?.medium === 'Memory' && quantity(shm.emptyDir.sizeLimit) >= 64 * 2 ** 20;
        return !(below && safe && large && mounts.has('/var/run/postgresql')) && workload.name;
      }),
    broken: [
      breaks('StatefulSet', 'order-db', `${C}.env.0.value`, '/var/lib/postgresql/data'),
      breaks('StatefulSet', 'order-db', `${C}.env.2.value`, ''),
      breaks('StatefulSet', 'order-db', `${POD}.volumes.1.emptyDir`, {}),
    ],
  },
  {
    name: 'no password of an application is in the pods of a database, so that rotating one does not restart it',
    check: (objects) =>
      each(databases(objects), ({ name, template }) => {
        const secrets =
          JSON.stringify(template).match(/"(secretName|secretKeyRef|secretRef)":("[^"]*"|\{[^}]*\})/g) ?? [];
        return !secrets.every((text) => /^"secretName":"manager(-|")/.test(text)) && name;
      }),
    broken: [breaks('StatefulSet', 'order-db', `${C}.envFrom`, [{ secretRef: { name: 'order-db' } }])],
  },
  {
    name: 'a database takes the connections of its service at its largest, also while it changes from one role to the other',
    check: (objects) =>
      each(databases(objects), ({ name }) => {
        const config =
          objects.find((o) => o.kind === 'ConfigMap' && o.metadata.name.startsWith(`${name}-config`))?.data ?? {};
        // The last one counts.
        const max = Number(
          [
            ...Object.values(config)
              .join('\n')
              .matchAll(/^max_connections = (\d+)/gm),
          ].at(-1)?.[1],
        );
        const service = name.replace(/-db$/, '');
        const workload = services(objects).find((w) => w.name === service);
        const pool = Number(
          workload?.template.spec?.containers[0]?.env?.find((e) => e.name === 'DATABASE_POOL_MAX')?.value,
        );
        const replicas =
          autoscalers(objects).find(({ spec }) => spec?.scaleTargetRef.name === service)?.spec?.maxReplicas ?? 1;
        // As roles.sh shares them out.
        const share = Math.floor((max - 20) / 2);
        return (
          workload &&
          !((replicas + 1) * (pool + DEDICATED) <= share) &&
          `${name}: ${share} for ${replicas + 1} × ${pool + DEDICATED}`
        );
      }),
    broken: [
      breaks('HorizontalPodAutoscaler', 'order', 'spec.maxReplicas', 50),
      (objects) => {
        const config = find(objects, 'ConfigMap', /^order-db-config/);
        config.data = { 'postgresql.conf': 'max_connections = 30\n' };
      },
    ],
  },
  {
    name: 'the broker reads a cookie that only it may read, and knows its memory and its disk',
    check: (objects) =>
      each(
        workloads(objects).filter(({ name }) => name === 'rabbitmq'),
        (workload) => {
          const config =
            objects.find((o) => o.kind === 'ConfigMap' && o.metadata.name.startsWith('rabbitmq-config'))?.data ?? {};
          const text = Object.entries(config)
            .filter(([file]) => file.endsWith('.conf'))
            .sort()
            .map(([, lines]) => lines)
            .join('\n');
          const limit = quantity(workload.template.spec?.containers[0]?.resources?.limits?.memory) / 2 ** 20;
          const nodes = [...text.matchAll(/^cluster_formation\.classic_config\.nodes\.\d+ = (.*)$/gm)].map(
            ([, node]) => node,
          );
          const replicas = Number(Reflect.get(workload.object.spec ?? {}, 'replicas'));
          const host = (index: number) =>
            `rabbit@rabbitmq-${index}.rabbitmq-headless.${workload.object.metadata.namespace}.svc.cluster.local`;
          const known =
            replicas === 1 || nodes.join() === Array.from({ length: replicas }, (_, index) => host(index)).join();
          const memory = [...text.matchAll(/^total_memory_available_override_value = (\d+)MB$/gm)].map(([, mb]) =>
            Number(mb),
          );
          const sized =
            lastOf(memory) <= limit && /^disk_free_limit\.absolute/m.test(text) && /pause_minority/.test(text);
          const cookie = containersOf(workload).some(
            ({ init, command }) => init && command?.join().includes('chmod 600'),
          );
          return !(known && sized && cookie) && `rabbitmq: ${replicas} of ${nodes.length}, ${memory} of ${limit} MB`;
        },
      ),
    broken: [
      breaks('StatefulSet', 'rabbitmq', `${POD}.initContainers.0.command`, ['cp', 'a', 'b']),
      breaks('StatefulSet', 'rabbitmq', `${C}.resources.limits.memory`, '128Mi'),
      breaks('StatefulSet', 'rabbitmq', 'spec.replicas', 5),
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

const lastOf = (numbers: number[]): number => numbers.at(-1) ?? Number.NaN;
