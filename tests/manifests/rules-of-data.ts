import { containersOf, ofKind, podLabels, quantity, type Selector, selects } from './objects.ts';
import { databases, findObject, grows, problemsOf, type Rule, removeObject, services, setField } from './rule.ts';
import { brokerRules } from './rules-of-broker.ts';
import { autoscalers } from './usage.ts';

const POD = 'spec.template.spec';
const C = `${POD}.containers.0`;
/** Connections of a service beside its pool: the relay's, and the one that listens. */
const DEDICATED = 2;

/** What the databases and the broker carry. */
export const dataRules: Rule[] = [
  {
    name: 'PostgreSQL keeps its data below the mount, with checksums and scram-sha-256, and may write where it must',
    check: (objects) =>
      problemsOf(databases(objects), (workload) => {
        const container = containersOf(workload).find(({ init }) => !init);
        const env = new Map(container?.env?.map(({ name, value }) => [name, value ?? '']));
        const mounts = new Map(container?.volumeMounts?.map(({ name, mountPath }) => [mountPath, name]));
        const shm = workload.template.spec?.volumes?.find(({ name }) => name === mounts.get('/dev/shm'));
        const below =
          /^\/var\/lib\/postgresql\/\d+\/docker$/.test(env.get('PGDATA') ?? '') &&
          // Where the image declares a volume of its own, and nowhere below it.
          mounts.get('/var/lib/postgresql') === 'data';
        const arguments_ = env.get('POSTGRES_INITDB_ARGS') ?? '';
        const safe = ['--data-checksums', '--auth-host=scram-sha-256', '--auth-local=peer'].every((arg) =>
          arguments_.includes(arg),
        );
        const large = shm?.emptyDir?.medium === 'Memory' && quantity(shm.emptyDir.sizeLimit) >= 64 * 2 ** 20;
        return !(below && safe && large && mounts.has('/var/run/postgresql')) && workload.name;
      }),
    mutations: [
      setField('StatefulSet', 'order-db', `${C}.env.0.value`, '/var/lib/postgresql'),
      setField('StatefulSet', 'order-db', `${C}.volumeMounts.0.mountPath`, '/var/lib/postgresql/data'),
      setField('StatefulSet', 'order-db', `${C}.env.2.value`, ''),
      setField('StatefulSet', 'order-db', `${POD}.volumes.1.emptyDir`, {}),
    ],
  },
  {
    name: 'all that names the major version of a database names the same one: images, data folder, its check, its shutdown',
    check: (objects) =>
      problemsOf(databases(objects), ({ name, template }) => {
        // While a database is upgraded, one of its init containers has the old version.
        const containers = (template.spec?.initContainers ?? []).filter((container) => container.name !== 'dump');
        const text = JSON.stringify([containers, template.spec?.containers]);
        const named = [/\/postgres:(\d+)/g, /postgresql\/(\d+)\/docker/g, /"check","(\d+)"/g].map((pattern) =>
          Array.from(text.matchAll(pattern), ([, major]) => major),
        );
        return (new Set(named.flat()).size !== 1 || named.some((one) => one.length === 0)) && name;
      }),
    mutations: [
      setField('StatefulSet', 'order-db', `${C}.image`, 'docker.io/library/postgres:19.1-trixie'),
      setField('StatefulSet', 'order-db', `${C}.env.0.value`, '/var/lib/postgresql/19/docker'),
      setField('StatefulSet', 'order-db', `${POD}.initContainers.1.command`, ['bash', 'data-folder.sh', 'check', '19']),
      setField('StatefulSet', 'order-db', `${POD}.initContainers.1.command`, ['true']),
    ],
  },
  {
    name: 'no password of an application is in the pods of a database, so that rotating one does not restart it',
    check: (objects) =>
      problemsOf(databases(objects), ({ name, template }) => {
        const secrets =
          JSON.stringify(template).match(/"(secretName|secretKeyRef|secretRef)":("[^"]*"|\{[^}]*\})/g) ?? [];
        return !secrets.every((text) => /^"secretName":"manager(-|")/.test(text)) && name;
      }),
    mutations: [setField('StatefulSet', 'order-db', `${C}.envFrom`, [{ secretRef: { name: 'order-db' } }])],
  },
  {
    name: 'a database takes the connections of its service at its largest, also while it changes from one role to the other',
    check: (objects) =>
      problemsOf(databases(objects), ({ name }) => {
        const config =
          objects.find((o) => o.kind === 'ConfigMap' && o.metadata.name.startsWith('postgres-config'))?.data ?? {};
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
          autoscalers(objects).find(({ spec }) => spec?.scaleTargetRef.name === service)?.spec?.maxReplicas ??
          Number(Reflect.get(workload?.object.spec ?? {}, 'replicas'));
        // As roles.sh shares them out.
        const share = Math.floor((max - 20) / 2);
        return (
          workload &&
          !((replicas + 1) * (pool + DEDICATED) <= share) &&
          `${name}: ${share} for ${replicas + 1} × ${pool + DEDICATED}`
        );
      }),
    mutations: [
      grows('order', 50),
      (objects) => {
        const config = findObject(objects, 'ConfigMap', /^postgres-config/);
        config.data = { 'postgresql.conf': 'max_connections = 30\n' };
      },
    ],
  },
  {
    name: 'every database is watched, and found by the backup, whichever there are',
    only: 'prod',
    check: (objects) => {
      type Monitor = { spec: { selector: Selector; endpoints: { port: string; relabelings: { regex?: string }[] }[] } };
      const found = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'databases');
      const monitors = ofKind<Monitor>(objects, 'ServiceMonitor');
      return problemsOf(databases(objects), (workload) => {
        const service = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === workload.name);
        const ports: { name: string }[] = Reflect.get(service?.spec ?? {}, 'ports') ?? [];
        const isWatched = monitors.some(({ spec: { selector, endpoints } }) =>
          endpoints.some(
            ({ port, relabelings }) =>
              selects(selector, service?.metadata.labels ?? {}) &&
              ports.some(({ name }) => name === port) &&
              new RegExp(`^(${relabelings[0]?.regex})$`).test(workload.name),
          ),
        );
        const matchLabels = Reflect.get(found?.spec ?? {}, 'selector');
        const tellsItsName = workload.template.spec?.containers[0]?.args?.includes('cluster_name=$(DATABASE)');
        const isBackedUp = matchLabels && selects({ matchLabels }, podLabels(workload)) && tellsItsName;
        return !(isWatched && isBackedUp) && workload.name;
      });
    },
    mutations: [
      removeObject('Service', 'databases'),
      removeObject('ServiceMonitor', 'databases'),
      setField('Service', 'order-db', 'metadata.labels.app~kubernetes~io/component'),
      setField('StatefulSet', 'order-db', `${C}.args`, []),
      setField('StatefulSet', 'order-db', 'spec.template.metadata.labels.app~kubernetes~io/component', 'something'),
    ],
  },
  ...brokerRules,
];
