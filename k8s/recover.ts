// Point-in-time recovery of the database of one service (component cloudnative-pg/archive), beside the one that runs:
//   node k8s/recover.ts <service> --context <context> --namespace <namespace> --to <time>
import { parseArgs } from 'node:util';
import { backupJob } from './backup-job.ts';
import { type Cluster, openCluster } from './kubectl.ts';

const HELP = `node k8s/recover.ts <service> --context <context> --namespace <namespace> --to <time>

Makes a second cluster, <service>-db-recovered, from the archive as it was at that time (2026-11-29T08:00:00Z), and dumps it. The database that runs is
not touched, and the service goes on. Then it prints how to look at the rows, how to put them back, and how to remove the second cluster.
`;

const PLUGIN = 'barman-cloud.cloudnative-pg.io';

type Parameters = { barmanObjectName: string; serverName?: string };
type Spec = { plugins?: { name: string; parameters: Parameters }[]; postgresql?: object };

/** The Cluster of a database as it was at a moment, of one instance. No service finds it, and it archives nothing. */
function recoveredCluster(name: string, of: { name: string; spec: Spec }, targetTime: string): object {
  const parameters = of.spec.plugins?.find((plugin) => plugin.name === PLUGIN)?.parameters;
  if (!parameters) throw new Error(`${of.name} has no archive: the component cloudnative-pg/archive makes one`);
  const labels = {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/component': 'database',
    'app.kubernetes.io/part-of': 'tradepost',
  };
  const spec = {
    ...of.spec,
    plugins: undefined,
    managed: undefined,
    instances: 1,
    // One instance cannot wait for a second one.
    postgresql: { ...of.spec.postgresql, synchronous: undefined },
    inheritedMetadata: { labels },
    bootstrap: { recovery: { source: 'archive', database: 'app', owner: 'app', recoveryTarget: { targetTime } } },
    externalClusters: [
      { name: 'archive', plugin: { name: PLUGIN, parameters: { serverName: of.name, ...parameters } } },
    ],
  };
  return { apiVersion: 'postgresql.cnpg.io/v1', kind: 'Cluster', metadata: { name, labels }, spec };
}

async function recover(cluster: Cluster, service: string, to: string): Promise<void> {
  const name = `${service}-db`;
  const recovered = `${name}-recovered`;
  // as: what a Cluster holds; the API server has checked it.
  const { spec } = JSON.parse(cluster.kubectl('get', 'cluster', name, '--output', 'json')) as { spec: Spec };
  const object = JSON.stringify(recoveredCluster(recovered, { name, spec }, to));
  // What was written up to now is archived once its segment is full, or now.
  const end = ['psql', '-qtAXc', 'select pg_switch_wal()'];
  cluster.kubectl('exec', `service/${name}-rw`, '--container', 'postgres', '--', ...end);
  console.log(`  making ${recovered} as ${name} was at ${to}`);
  cluster.send(object, 'create', '--filename', '-');
  cluster.kubectl('wait', '--for=condition=Ready', `cluster/${recovered}`, '--timeout=2h');
  const job = `dump-${recovered}-${Date.now().toString(36)}`;
  const dump = backupJob(cluster, job, (container) => {
    // In a folder of its own: what is missing there is no database that was lost.
    const own: Record<string, string> = { DATABASES: `${recovered}-rw`, BACKUPS: '/backups/recovered' };
    container.env = (container.env ?? []).map((entry) => {
      const value = own[String(Reflect.get(entry, 'name'))];
      return value === undefined ? entry : { ...entry, value };
    });
  });
  cluster.send(JSON.stringify(dump), 'apply', '--filename', '-');
  await cluster.finished(job);
  const where = `--context <context> --namespace ${cluster.namespace}`;
  console.log(`
Look at it:       kubectl ${where} exec -it service/${recovered}-rw --container postgres -- psql app
List its dumps:   node k8s/restore.ts ${service} ${where} --from recovered/${recovered}
Put one back:     node k8s/restore.ts ${service} ${where} --from recovered/${recovered} --backup <time>
Remove it:        kubectl ${where} delete cluster ${recovered}`);
}

async function main(args: string[]): Promise<number> {
  const options = {
    context: { type: 'string' },
    namespace: { type: 'string' },
    to: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [service] = positionals;
  const { context, namespace, to } = values;
  if (values.help || !service || !context || !namespace || !to) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(to))
    throw new Error(`${to} is no time like 2026-11-29T08:00:00Z`);
  await recover(openCluster(context, namespace), service, to);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
