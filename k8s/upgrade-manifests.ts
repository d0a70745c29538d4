import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The part of an overlay that upgrades databases: a component of its own, since base is the same for every environment. */
const FOLDER = 'postgres-upgrade';
const DATA = '/var/lib/postgresql';

/** `docker.io/library/postgres:19.1-trixie@sha256:…` and what its tag says. */
export type PostgresImage = { name: string; version: string; major: number };

/** Reads the version off the tag; throws unless there is a digest, which the admission policy requires of every image. */
export function parseImage(name: string): PostgresImage {
  const version = /^\S+\/postgres:(\d+(?:\.\d+)?)[\w.-]*@sha256:[0-9a-f]{64}$/.exec(name)?.[1];
  if (version === undefined)
    throw new Error(`${name} is not like docker.io/library/postgres:19.1-trixie@sha256:<digest>`);
  return { name, version, major: Number.parseInt(version, 10) };
}

/** Where the databases of an environment are listed. */
export function databaseOverlay(k8s: string, environment: string): string {
  const overlay = path.join(k8s, 'overlays', environment);
  const folder = existsSync(path.join(overlay, 'db')) ? path.join(overlay, 'db') : overlay;
  if (!existsSync(path.join(folder, 'kustomization.yaml'))) throw new Error(`There is no ${folder}/kustomization.yaml`);
  return folder;
}

/** The patch that upgrades one database. `resources` are those of its server, in JSON. */
function upgradePatch(o: { database: string; from: PostgresImage; to: PostgresImage; resources: string }): string {
  const { database, from, to } = o;
  const step = (name: string, image: PostgresImage) => `        - name: ${name}
          image: ${image.name}
          command: [bash, /etc/postgresql/data-folder.sh, ${name}, "${from.major}", "${to.major}"]
          env: [{ name: POSTGRES_INITDB_ARGS, value: --auth-host=scram-sha-256 --auth-local=peer --data-checksums }]
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
          resources: ${o.resources}
          volumeMounts:
            - { name: data, mountPath: ${DATA} }
            - { name: run, mountPath: /var/run/postgresql }
            - { name: shm, mountPath: /dev/shm }
            - { name: tmp, mountPath: /tmp }
            - { name: config, mountPath: /etc/postgresql, readOnly: true }`;
  return `# Written by k8s/upgrade-postgres.ts: PostgreSQL ${from.version} → ${to.version}. The new folder is made before the server starts.
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${database}
  labels: { app.kubernetes.io/version: "${to.version}" }
spec:
  template:
    metadata:
      labels: { app.kubernetes.io/version: "${to.version}" }
    spec:
      initContainers:
${step('dump', from)}
${step('restore', to)}
        - name: superuser-password
          image: ${to.name}
        - name: data-folder
          image: ${to.name}
          command: [bash, /etc/postgresql/data-folder.sh, check, "${to.major}"]
      containers:
        - name: postgres
          image: ${to.name}
          env: [{ name: PGDATA, value: ${DATA}/${to.major}/docker }]
          lifecycle:
            preStop:
              exec: { command: [pg_ctl, stop, -D, ${DATA}/${to.major}/docker, -m, fast, -w, -t, "100"] }
`;
}

/** The patch that goes back: the server stays as base has it, and finds the newer folder renamed. */
function backPatch(o: { database: string; from: PostgresImage; to: PostgresImage }): string {
  return `# Written by k8s/upgrade-postgres.ts --back: from PostgreSQL ${o.to.version} to the data that ${o.from.version} had before.
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${o.database}
spec:
  template:
    spec:
      initContainers:
        - name: set-aside
          image: ${o.from.name}
          command: [bash, /etc/postgresql/data-folder.sh, set-aside, "${o.to.major}"]
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
          resources:
            requests: { cpu: 10m, memory: 16Mi, ephemeral-storage: 1Mi }
            limits: { cpu: "1", memory: 32Mi, ephemeral-storage: 16Mi }
          volumeMounts:
            - { name: data, mountPath: ${DATA} }
            - { name: config, mountPath: /etc/postgresql, readOnly: true }
`;
}

/** pg_dump refuses a server that is newer than itself, so the backups have the newest version of all. */
const backupPatch = (to: PostgresImage) =>
  ['backup', 'restore-check']
    .map(
      (cronJob) => `  - target: { kind: CronJob, name: ${cronJob} }
    patch: |
      - op: replace
        path: /spec/jobTemplate/spec/template/spec/containers/0/image
        value: ${to.name}
      - op: replace
        path: /metadata/labels/app.kubernetes.io~1version
        value: "${to.version}"
      - op: replace
        path: /spec/jobTemplate/spec/template/metadata/labels/app.kubernetes.io~1version
        value: "${to.version}"
`,
    )
    .join('');

/** Databases whose patch is in this folder. */
const patchedIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('-db.yaml'))
        .sort()
    : [];

function writePatch(overlay: string, database: string, patch: string, to: PostgresImage): string[] {
  const folder = path.join(overlay, FOLDER);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${database}.yaml`), patch);
  const patches = patchedIn(folder).map((name) => `  - path: ${name}\n`);
  writeFileSync(
    path.join(folder, 'kustomization.yaml'),
    `# Written by k8s/upgrade-postgres.ts: the databases of this environment that are on another major version than base. With the
# option --finish it writes the new version into base, and removes this folder.
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
${patches.join('')}${backupPatch(to)}`,
  );
  const list = path.join(overlay, 'kustomization.yaml');
  const text = readFileSync(list, 'utf8');
  if (!text.includes(FOLDER)) {
    const changed = text
      .replace(/^components: \[(.*)\]$/m, `components: [$1, ${FOLDER}]`)
      .replace(/^components:\n(?: {2}[-#].*\n)*/m, (lines) => `${lines}  - ${FOLDER}\n`);
    writeFileSync(list, changed === text ? `${text}components: [${FOLDER}]\n` : changed);
  }
  return [list, path.join(folder, 'kustomization.yaml'), path.join(folder, `${database}.yaml`)];
}

/** Lets an overlay upgrade a database. Answers the files that it wrote. */
export function writeUpgrade(
  overlay: string,
  o: { database: string; from: PostgresImage; to: PostgresImage; resources: string },
): string[] {
  return writePatch(overlay, o.database, upgradePatch(o), o.to);
}

/** Lets an overlay go back. Throws where it does not upgrade that database. */
export function writeBack(
  overlay: string,
  database: string,
  from: PostgresImage,
): { files: string[]; to: PostgresImage } {
  const file = path.join(overlay, FOLDER, `${database}.yaml`);
  const list = path.join(overlay, FOLDER, 'kustomization.yaml');
  const image = existsSync(file) && /value: (\S+@sha256:\S+)$/m.exec(readFileSync(list, 'utf8'))?.[1];
  if (!image)
    throw new Error(
      `There is no ${file}, so there is nothing to go back from. After --finish: revert its commit first.`,
    );
  const to = parseImage(image);
  return { files: writePatch(overlay, database, backPatch({ database, from, to }), to), to };
}

/** The image that base names for this database. */
export function baseImage(k8s: string, database: string): PostgresImage {
  const text = readFileSync(path.join(k8s, 'base/postgres', database, 'statefulset.yaml'), 'utf8');
  return parseImage(/image: (\S+)/.exec(text)?.[1] ?? 'no image');
}

/** Writes the new version into base, once every database of every environment has it. Answers the files that it changed. */
export function finishUpgrade(k8s: string): string[] {
  const databases = readdirSync(path.join(k8s, 'base/postgres')).filter((name) => name.endsWith('-db'));
  const overlays = readdirSync(path.join(k8s, 'overlays'))
    // One without is a place for secrets only, as that of the previews.
    .filter((environment) => existsSync(path.join(k8s, 'overlays', environment, 'kustomization.yaml')))
    .map((environment) => databaseOverlay(k8s, environment));
  const missing = overlays.flatMap((overlay) =>
    databases
      .filter((name) => !hasUpgrade(path.join(overlay, FOLDER, `${name}.yaml`)))
      .map((name) => `${path.relative(k8s, overlay)}: ${name}`),
  );
  if (missing.length > 0) throw new Error(`Not upgraded yet:\n  ${missing.join('\n  ')}`);
  const text = readFileSync(path.join(overlays[0] ?? '', FOLDER, 'kustomization.yaml'), 'utf8');
  const to = parseImage(/value: (\S+@sha256:\S+)$/m.exec(text)?.[1] ?? '');
  const from = baseImage(k8s, databases[0] ?? '');
  for (const overlay of overlays) {
    rmSync(path.join(overlay, FOLDER), { recursive: true });
    const list = path.join(overlay, 'kustomization.yaml');
    const listed = readFileSync(list, 'utf8');
    writeFileSync(
      list,
      listed
        .replace(`\ncomponents: [${FOLDER}]`, '')
        .replace(new RegExp(`^ {2}- ${FOLDER}\\n|, ${FOLDER}(?=\\]$)`, 'm'), ''),
    );
  }
  const changed = ['base', 'components'].flatMap((part) =>
    readdirSync(path.join(k8s, part), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => path.join(k8s, part, name))
      .filter((file) => replaceVersion(file, from, to)),
  );
  return [...overlays, ...changed];
}

const hasUpgrade = (file: string): boolean =>
  existsSync(file) && readFileSync(file, 'utf8').includes(' - name: restore\n');

function replaceVersion(file: string, from: PostgresImage, to: PostgresImage): boolean {
  const text = readFileSync(file, 'utf8');
  let changed = text
    .replaceAll(from.name, to.name)
    .replaceAll(`${DATA}/${from.major}/docker`, `${DATA}/${to.major}/docker`)
    .replaceAll(`data-folder.sh, check, "${from.major}"]`, `data-folder.sh, check, "${to.major}"]`);
  if (/(base\/postgres\/[^/]+-db\/kustomization|components\/backup\/cron-jobs)\.yaml$/.test(file))
    changed = changed.replaceAll(
      `app.kubernetes.io/version: "${from.version}"`,
      `app.kubernetes.io/version: "${to.version}"`,
    );
  if (changed !== text) writeFileSync(file, changed);
  return changed !== text;
}
