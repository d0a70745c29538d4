// Upgrades the database of a service to a later major version of PostgreSQL (the StatefulSets of base/postgres), or goes back:
//   node k8s/upgrade-postgres.ts <service> --context <context> --namespace <namespace> --image <image>
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Cluster, openCluster } from './kubectl.ts';
import {
  baseImage,
  databaseOverlay,
  finishUpgrade,
  type PostgresImage,
  parseImage,
  writeBack,
  writeUpgrade,
} from './upgrade-manifests.ts';
import { checkImage, obstacles, type StatefulSet } from './upgrade-preconditions.ts';

const HELP = `node k8s/upgrade-postgres.ts <service> --context <context> --namespace <namespace> --image <image>

  --image docker.io/library/postgres:19.1-trixie@sha256:…   the version to upgrade to
  --without-backup   although no backup has succeeded within the last day
  --back             to the version before: its data is as it was when the upgrade began. What was written since is kept on the
                     volume, in a folder that no server uses
node k8s/upgrade-postgres.ts --finish
                     writes the new version into base, once all databases of all environments have it

1. Checks, and refuses before anything changes: the server is ready, it has an older version, the volume has room for a second
   copy, a backup has succeeded within a day, the cluster can run the image.
2. Writes k8s/overlays/<environment>/db/postgres-upgrade, to be committed. Without Argo CD it applies the overlay; with it, commit,
   push and sync, and run the same command again: it goes on with step 3. (What the tree holds besides is applied too.)
3. Waits. The pod of the database restarts. Nobody reaches it, so nothing is written, and the service answers 503 for as long as
   it takes to dump, restore and compare (minutes for some GB). An init container of the old version dumps roles, owners,
   privileges and rows; one of the new version restores them beside the old folder, and compares all of it, every row. Only then
   the new folder gets its name, and the server starts with it. Whatever fails or is killed before: the old folder is as it was.
4. Says what the new server holds, and what to do next. Run again, it changes nothing.

The old folder stays on the volume until it is removed by hand. One database at a time, dev before prod.
`;

const SHOW_VERSION = ['psql', '--no-psqlrc', '-qtAXU', 'postgres', '-d', 'app', '-c', 'show server_version'];
const POLL_MS = 2000;

type InitStatus = {
  name: string;
  state?: { running?: object; waiting?: { reason?: string; message?: string }; terminated?: { exitCode: number } };
  lastState?: { terminated?: { exitCode: number } };
};
type Pod = {
  metadata: { deletionTimestamp?: string };
  spec: { containers: { name: string; image: string }[] };
  status: { initContainerStatuses?: InitStatus[]; conditions?: { type: string; status: string }[] };
};

const readJson = <T>(cluster: Cluster, ...args: string[]): T =>
  // as: what the API server answers for the kind that is asked for.
  JSON.parse(cluster.kubectl(...args, '--output', 'json')) as T;

const imageOf = (set: StatefulSet): PostgresImage =>
  parseImage(set.spec.template.spec.containers.find(({ name }) => name === 'postgres')?.image ?? 'no image');

/** Waits until the database's pod runs an image, telling which init container is at work; throws when one of them fails. */
async function untilRuns(cluster: Cluster, database: string, image: PostgresImage): Promise<void> {
  const pod = `${database}-0`;
  let told = '';
  const tell = (line: string) => {
    if (line !== told) console.log(`  ${line}`);
    told = line;
  };
  tell(`waiting for ${database} with PostgreSQL ${image.version}`);
  for (; ; await sleep(POLL_MS)) {
    // Between the old pod and the new one there is none.
    const [found] = readJson<{ items: Pod[] }>(
      cluster,
      'get',
      'pods',
      '--field-selector',
      `metadata.name=${pod}`,
    ).items;
    if (!found || found.metadata.deletionTimestamp) continue;
    if (found.spec.containers.every((container) => container.image !== image.name)) continue;
    if (found.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')) return;
    for (const { name, state, lastState } of found.status.initContainerStatuses ?? []) {
      const failed = state?.terminated ?? lastState?.terminated;
      if (failed && failed.exitCode !== 0) {
        console.error(cluster.kubectl('logs', pod, '--container', name).trimEnd());
        throw new Error(`The init container ${name} of ${pod} failed`);
      }
      if (/ErrImage|ImagePullBackOff|InvalidImage/.test(state?.waiting?.reason ?? ''))
        throw new Error(`The image of ${name} cannot be pulled: ${state?.waiting?.message}`);
      if (state?.running) tell(`${name} …`);
    }
  }
}

/** What the server of the pod says, which is what counts. */
function mustRun(cluster: Cluster, database: string, image: PostgresImage): void {
  const version = cluster.kubectl('exec', `${database}-0`, '--container', 'postgres', '--', ...SHOW_VERSION).trim();
  if (Number.parseInt(version, 10) !== image.major) throw new Error(`${database} runs PostgreSQL ${version}`);
  console.log(`${database} runs PostgreSQL ${version}.`);
}

/** Applies the overlay, or says what Argo CD needs. Answers whether the cluster is about to change. */
function roll(cluster: Cluster, set: StatefulSet, overlay: string, files: string[]): boolean {
  const relative = (file: string) => path.relative(process.cwd(), file);
  console.log(`Wrote, and to be committed:\n${files.map((file) => `  ${relative(file)}`).join('\n')}`);
  if (set.metadata.annotations?.['argocd.argoproj.io/tracking-id'] === undefined) {
    cluster.kubectl('apply', '--kustomize', overlay);
    return true;
  }
  const application = `tradepost-${cluster.environment}`;
  console.log(`
Argo CD keeps this database as git says, and would undo what is changed by hand. So, now:
  git add ${relative(overlay)} && git commit && git push      (prod: merge it, then argocd app sync ${application})
Then run this command again: it waits until the database is upgraded, and says what came of it.`);
  return false;
}

type Target = { cluster: Cluster; database: string; overlay: string; set: StatefulSet };

async function upgrade(target: Target, k8s: string, image: string, withoutBackup: boolean): Promise<void> {
  const { cluster, database, overlay, set } = target;
  const to = parseImage(image);
  if (imageOf(set).name !== to.name) {
    const from = imageOf(set);
    const found = obstacles(cluster, database, set, { from, to, withoutBackup });
    if (from.name !== baseImage(k8s, database).name)
      found.push(`The cluster runs ${from.name}, and base says ${baseImage(k8s, database).name}: apply that first.`);
    if (found.length > 0) throw new Error(`Refused, and nothing was changed:\n  ${found.join('\n  ')}`);
    await checkImage(cluster, to, set);
    const container = set.spec.template.spec.containers.find(({ name }) => name === 'postgres');
    const resources = JSON.stringify(container?.resources ?? {});
    const files = writeUpgrade(overlay, { database, from, to, resources });
    if (!roll(cluster, set, overlay, files)) return;
  }
  try {
    await untilRuns(cluster, database, to);
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new Error(`${why}\nThe data of the old version is as it was. The pod tries again by itself; to end that:
  node k8s/upgrade-postgres.ts ${database.replace(/-db$/, '')} --back …`);
  }
  console.log(cluster.kubectl('logs', `${database}-0`, '--container', 'restore').trimEnd());
  mustRun(cluster, database, to);
  console.log(`
Back:      the same with --back in the place of --image, without what is written from now on
Next:      the other databases; then the other environments; then node k8s/upgrade-postgres.ts --finish, and commit
At last:   remove the old folder: kubectl --namespace ${cluster.namespace} exec ${database}-0 -- rm -r /var/lib/postgresql/<old major>`);
}

async function goBack({ cluster, database, overlay, set }: Target, k8s: string): Promise<void> {
  const from = baseImage(k8s, database);
  const { files, to } = writeBack(overlay, database, from);
  console.log(`  from PostgreSQL ${to.major} to the data of ${from.major} as it was when the upgrade began`);
  const isBack = imageOf(set).name === from.name;
  if (!isBack && !roll(cluster, set, overlay, files)) return;
  await untilRuns(cluster, database, from);
  mustRun(cluster, database, from);
}

async function main(args: string[]): Promise<number> {
  const options = {
    context: { type: 'string' },
    namespace: { type: 'string' },
    image: { type: 'string' },
    'without-backup': { type: 'boolean', default: false },
    back: { type: 'boolean', default: false },
    finish: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [service] = positionals;
  const { context, namespace, image, back, finish } = values;
  const k8s = import.meta.dirname;
  if (finish && !values.help) {
    for (const file of finishUpgrade(k8s)) console.log(`  ${path.relative(process.cwd(), file)}`);
    console.log('Commit and apply: each database restarts once, on the data that it has.');
    return 0;
  }
  if (values.help || !service || !context || !namespace || (image === undefined) !== back) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  const cluster = openCluster(context, namespace);
  const database = `${service}-db`;
  const overlay = databaseOverlay(k8s, cluster.environment);
  const set = readJson<StatefulSet>(cluster, 'get', 'statefulset', database);
  const target = { cluster, database, overlay, set };
  if (image === undefined) await goBack(target, k8s);
  else await upgrade(target, k8s, image, values['without-backup']);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
