// Puts the database of a service back to a backup (component backup):
//   node k8s/restore.ts <service> --context <context> --namespace <namespace> [--backup <time>] [--from <folder>]
import { parseArgs } from 'node:util';
import { backupJob } from './backup-job.ts';
import { type Cluster, openCluster } from './kubectl.ts';

const HELP = `node k8s/restore.ts <service> --context <context> --namespace <namespace> [--backup <time>] [--from <folder>]

Without --backup: lists the backups of the service's database, and touches nothing.
With it: stops the service, puts its database back to that backup in one transaction, to the row, and starts the service again.
Should the backup not be what it was when it was made, the database stays as it is, and the exit code is 1.
--from names another folder of the volume of backups than <service>-db: k8s/recover.ts makes one.
What happened since is gone from this database, and known to those of the other services: see docs/runbooks.
`;

type Container = { name: string; envFrom?: { secretRef?: { name: string } }[] };
type Deployment = { spec: { replicas: number; template: { spec: { containers: Container[] } } } };

async function restore(cluster: Cluster, service: string, o: { backup: string; folder: string }): Promise<void> {
  // as: what a Deployment holds in any cluster.
  const { spec } = JSON.parse(cluster.kubectl('get', 'deployment', service, '--output', 'json')) as Deployment;
  const [container] = spec.template.spec.containers.filter(({ name }) => name === 'service');
  const secret = container?.envFrom?.find(({ secretRef }) => secretRef)?.secretRef?.name;
  if (!secret) throw new Error(`The Deployment ${service} has no Secret of its own`);
  const name = `restore-${service}-${Date.now().toString(36)}`;
  const job = backupJob(cluster, name, (backup) => {
    backup.command = ['bash', '/scripts/restore.sh'];
    backup.env = [
      { name: 'BACKUPS', value: '/backups' },
      { name: 'DATABASE', value: o.folder },
      { name: 'BACKUP', value: o.backup },
      // It signs in as the service does.
      { name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: secret, key: 'DATABASE_URL' } } },
    ];
  });
  const run = async () => {
    cluster.send(JSON.stringify(job), 'apply', '--filename', '-');
    await cluster.finished(name);
  };
  if (o.backup === '') return run();
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
    from: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [service] = positionals;
  const { context, namespace, backup, from } = values;
  if (values.help || !service || !context || !namespace) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  await restore(openCluster(context, namespace), service, { backup, folder: from ?? `${service}-db` });
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
