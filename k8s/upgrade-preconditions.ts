import type { Cluster } from './kubectl.ts';
import type { PostgresImage } from './upgrade-manifests.ts';

/** A StatefulSet of a database, as far as an upgrade looks at it. */
export type StatefulSet = {
  metadata: { annotations?: Record<string, string> };
  spec: {
    replicas: number;
    template: {
      metadata: { labels: Record<string, string> };
      spec: {
        serviceAccountName?: string;
        imagePullSecrets?: { name: string }[];
        initContainers?: { name: string }[];
        containers: { name: string; image: string; resources?: object }[];
      };
    };
  };
  status: { readyReplicas?: number };
};

const DAY_MS = 24 * 60 * 60 * 1000;
/** Beside half as much again as the data: the write-ahead log of the restore. As data-folder.sh has it, which checks it again. */
const ROOM_KIB = 512 * 1024;

/** What keeps a database from being upgraded, each with what to do. Changes nothing. */
export function obstacles(
  cluster: Cluster,
  database: string,
  set: StatefulSet,
  o: { from: PostgresImage; to: PostgresImage; withoutBackup: boolean },
): string[] {
  const { from, to } = o;
  const found: string[] = [];
  if (to.major === from.major)
    found.push(
      `${database} runs PostgreSQL ${from.version}: ${to.version} is no other major version. See docs/guides/upgrading.md.`,
    );
  if (to.major < from.major)
    found.push(`${database} runs PostgreSQL ${from.version}, which is newer than ${to.version}.`);
  const inits = set.spec.template.spec.initContainers?.map(({ name }) => name) ?? [];
  if (!inits.includes('data-folder'))
    found.push(`${database} has no init container data-folder yet: apply this version of the manifests first.`);
  if (inits.includes('dump')) found.push(`${database} is being upgraded already, to another image than ${to.name}.`);
  if (set.status.readyReplicas !== 1) found.push(`${database} is not ready.`);
  else found.push(...withoutRoom(cluster, database, from));
  if (!o.withoutBackup) found.push(...withoutBackup(cluster));
  return found;
}

function withoutRoom(cluster: Cluster, database: string, from: PostgresImage): string[] {
  const volume = '/var/lib/postgresql';
  const script = `du -sk --exclude=pg_wal ${volume}/${from.major}/docker; df -Pk ${volume} | tail -n 1`;
  const [used = '', free = ''] = cluster
    .kubectl('exec', `${database}-0`, '--container', 'postgres', '--', 'sh', '-c', script)
    .split('\n');
  const needed = Number(used.split(/\s+/)[0]) * 1.5 + ROOM_KIB;
  const available = Number(free.split(/\s+/)[3]);
  if (available >= needed) return [];
  const [has, needs] = [available, needed].map((kib) => Math.floor(kib / 1024));
  return [
    `The volume of ${database} has ${has} MiB free, and the upgrade needs ${needs} MiB: enlarge the claim data-${database}-0.`,
  ];
}

function withoutBackup(cluster: Cluster): string[] {
  const succeeded = cluster
    .kubectl(
      'get',
      'cronjobs',
      '--field-selector',
      'metadata.name=backup',
      '--output',
      'jsonpath={.items[*].status.lastSuccessfulTime}',
    )
    .trim();
  if (Date.now() - Date.parse(succeeded) < DAY_MS) return [];
  return [
    `The last backup is of ${succeeded || 'no time at all'}: kubectl create job --from=cronjob/backup backup-now (component backup), or --without-backup.`,
  ];
}

/** Runs the new image once: that it can be pulled, may run, and is the version that its tag says. */
export async function checkImage(cluster: Cluster, to: PostgresImage, set: StatefulSet): Promise<void> {
  const name = `postgres-image-${Date.now().toString(36)}`;
  const labels = {
    'app.kubernetes.io/name': 'postgres-image',
    'app.kubernetes.io/component': 'postgres-image',
    'app.kubernetes.io/part-of': 'tradepost',
  };
  const { serviceAccountName, imagePullSecrets } = set.spec.template.spec;
  const container = {
    name: 'postgres',
    image: to.name,
    command: ['bash', '-c', `postgres --version && [ "$PG_MAJOR" = ${to.major} ]`],
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    resources: {
      requests: { cpu: '10m', memory: '32Mi', 'ephemeral-storage': '1Mi' },
      limits: { cpu: '1', memory: '64Mi', 'ephemeral-storage': '16Mi' },
    },
  };
  const template = {
    metadata: { labels },
    spec: {
      restartPolicy: 'Never',
      serviceAccountName,
      imagePullSecrets,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 999,
        runAsGroup: 999,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [container],
    },
  };
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: cluster.namespace, labels },
    // An image that cannot be pulled is waited for until then.
    spec: { backoffLimit: 0, activeDeadlineSeconds: 300, ttlSecondsAfterFinished: 300, template },
  };
  console.log(`  trying ${to.name}`);
  cluster.send(JSON.stringify(job), 'apply', '--filename', '-');
  try {
    await cluster.finished(name);
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new Error(`Refused, and nothing was changed:\n  The cluster cannot run ${to.name}: ${why}`);
  }
}
