// Puts the database of a service back to a backup (component backup):
//   node k8s/restore.ts <service> --context <context> --namespace <namespace> [--backup <time>]
import { parseArgs } from 'node:util';
import { type Cluster, openCluster } from './kubectl.ts';

const HELP = `node k8s/restore.ts <service> --context <context> --namespace <namespace> [--backup <time>]

Without --backup: lists the backups of the service's database, and touches nothing.
With it: stops the service, puts its database back to that backup in one transaction, to the row, and starts the service again.
Should the backup not be what it was when it was made, the database stays as it is, and the exit code is 1.
What happened since is gone from this database, and known to those of the other services: see docs/runbooks.
`;

type Container = {
  name: string;
  env?: object[];
  envFrom?: { secretRef?: { name: string } }[];
  command?: string[];
};
type Pod = { spec: { containers: Container[]; restartPolicy?: string } };
type Deployment = { spec: { replicas: number; template: Pod } };
type CronJob = { spec: { jobTemplate: { spec: { template: Pod } } } };

/** The Job that restores: the one that backs up, with another script, as the service signs in. */
function restoreJob(cluster: Cluster, name: string, o: { service: string; secret: string; backup: string }): object {
  // as: what these kinds hold in any cluster.
  const cronJob = JSON.parse(cluster.kubectl('get', 'cronjob', 'backup', '--output', 'json')) as CronJob;
  const { spec } = structuredClone(cronJob.spec.jobTemplate);
  const [container] = spec.template.spec.containers;
  if (!container) throw new Error('The CronJob backup has no container');
  container.command = ['bash', '/scripts/restore.sh'];
  container.env = [
    { name: 'BACKUPS', value: '/backups' },
    { name: 'DATABASE', value: `${o.service}-db` },
    { name: 'BACKUP', value: o.backup },
    { name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: o.secret, key: 'DATABASE_URL' } } },
  ];
  const labels = { 'app.kubernetes.io/name': 'backup', 'app.kubernetes.io/part-of': 'tradepost' };
  const metadata = { name, namespace: cluster.namespace, labels };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { ...spec, backoffLimit: 0 } };
}

async function restore(cluster: Cluster, service: string, backup: string): Promise<void> {
  // as: see above.
  const { spec } = JSON.parse(cluster.kubectl('get', 'deployment', service, '--output', 'json')) as Deployment;
  const [container] = spec.template.spec.containers.filter(({ name }) => name === 'service');
  const secret = container?.envFrom?.find(({ secretRef }) => secretRef)?.secretRef?.name;
  if (!secret) throw new Error(`The Deployment ${service} has no Secret of its own`);
  const name = `restore-${service}-${Date.now().toString(36)}`;
  const job = JSON.stringify(restoreJob(cluster, name, { service, secret, backup }));
  const run = async () => {
    cluster.send(job, 'apply', '--filename', '-');
    await cluster.finished(name);
  };
  if (backup === '') return run();
  console.log(`  stopping ${service}`);
  // An autoscaler leaves a Deployment of none alone.
  cluster.kubectl('scale', `deployment/${service}`, '--replicas=0');
  try {
    const pods = `app.kubernetes.io/name=${service},app.kubernetes.io/component=service`;
    cluster.kubectl('wait', '--for=delete', 'pod', '--selector', pods, '--timeout=5m');
    await run();
  } finally {
    cluster.kubectl('scale', `deployment/${service}`, `--replicas=${Math.max(spec.replicas, 1)}`);
    cluster.rolledOut(`deployment/${service}`);
  }
}

async function main(args: string[]): Promise<number> {
  const options = {
    context: { type: 'string' },
    namespace: { type: 'string' },
    backup: { type: 'string', default: '' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [service] = positionals;
  const { context, namespace, backup } = values;
  if (values.help || !service || !context || !namespace) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  await restore(openCluster(context, namespace), service, backup);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
