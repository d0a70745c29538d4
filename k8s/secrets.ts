// `npm run secrets -- dev|prod`: makes the credentials of an environment, in files that git ignores.
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { unpublished } from '../images/bump.ts';
import { type Files, readEnv, readFiles, servicesOf, writeEnv, writeFiles } from './secret-files.ts';

const HELP = `npm run secrets -- <dev|prod> [--rotate | --retire]

Makes random credentials for the databases, the broker and the services of an environment, in files that git ignores:
  k8s/overlays/<environment>/{db,base}/made-by-npm-run-secrets/
The secretGenerator of the overlay makes Secrets of them. They are never printed. What is there already is never overwritten;
what a new service needs is added.

  --rotate   Gives every service a new login for its database and for the broker, beside the one it has (blue and green
             take turns), auth a new secret beside the one it signs with, and every database a new password of its manager.
             The old ones stay valid, so nothing fails while the services roll. Then apply db/, wait for its Jobs and for
             the broker, apply base/, and wait for the rollout:
               kubectl apply -k k8s/overlays/<environment>/db && kubectl -n tradepost-<environment> wait --for=condition=complete job -l app.kubernetes.io/component=database-roles
               kubectl -n tradepost-<environment> rollout status statefulset/rabbitmq
               kubectl apply -k k8s/overlays/<environment>/base
  --retire   Once that is done: takes the old logins' right to sign in away, and lets auth sign with the new secret, which
             all its pods know by now. Apply db/ and base/ again. Cookies and keys of earlier secrets stay good until they
             have run out (the last three secrets are kept; after a leak, empty AUTH_PREVIOUS_SECRETS of base/…/auth.env by hand).

Not rotated: the Erlang cookie, which the nodes of the broker must change all at once, and the password that a database begins
with: the first Job changes it.
`;

type Colour = 'blue' | 'green';
type BrokerUser = { name: string; password_hash: string; hashing_algorithm: string; tags: string[] };

/** Secrets of a service that sign and encrypt: the first is used, the previous are only believed. */
const SIGNING: Record<string, { current: string; previous: string }> = {
  auth: { current: 'AUTH_SECRET', previous: 'AUTH_PREVIOUS_SECRETS' },
};
/** How many earlier ones are kept. */
const KEPT = 3;

const password = (): string => randomBytes(32).toString('base64url');
const other = (colour: Colour): Colour => (colour === 'blue' ? 'green' : 'blue');
const listOf = (text = ''): string[] => text.split(',').filter(Boolean);

export type Action = 'make' | 'rotate' | 'retire';
export type Outcome = { done: 'made' | 'added' | 'rotated' | 'retired' | 'refused'; what: string[] };

/** Makes, completes, rotates or retires the credentials of one environment; `root` is the folder k8s. */
export function writeSecrets(root: string, environment: string, action: Action): Outcome {
  const files = readFiles(root, environment);
  const services = servicesOf(root);
  const there = files.has('db/rotation.env');
  if (action !== 'make' && !there) return { done: 'refused', what: ['There is nothing yet: run it without options.'] };
  const missing = services.filter((name) => !files.has(`db/${name}-db.env`) || !files.has(`base/${name}.env`));
  if (action === 'make' && there && missing.length === 0) {
    return { done: 'refused', what: ['The files are there already. --rotate replaces the credentials in them.'] };
  }
  const state = readEnv(files.get('db/rotation.env') ?? 'number=0\ncolour=blue\nphase=made\n');
  let colour: Colour = state.colour === 'green' ? 'green' : 'blue';
  if (action === 'rotate') colour = other(colour);
  if (!there) makeShared(files);
  if (action === 'rotate') makeReader(files);
  const users = readUsers(files);
  for (const service of services) {
    if (missing.includes(service) || action === 'rotate') issue(files, users, { service, colour, environment });
    // Once between one retirement and the next: what is announced is not forgotten, and what was promoted stays.
    if (action === 'rotate' && state.phase !== 'rotated') announce(files, service);
    if (action === 'retire' && state.phase === 'rotated') promote(files, service);
    if (action === 'retire') retire(files, users, { service, colour: other(colour) });
  }
  const phase = action === 'make' ? (state.phase ?? 'made') : action === 'rotate' ? 'rotated' : 'retired';
  files.set('db/definitions.json', definitions(users));
  files.set('db/rotation.env', writeEnv({ number: String(Number(state.number) + 1), colour, phase }));
  writeFiles(root, environment, files);
  if (action === 'make') return { done: there ? 'added' : 'made', what: there ? missing : services };
  return { done: action === 'rotate' ? 'rotated' : 'retired', what: services };
}

function makeShared(files: Files): void {
  // Every database is made with this one, and has another as soon as its first Job ran.
  files.set('db/manager.env', writeEnv({ username: 'manager', password: password() }));
  makeReader(files);
  // Letters only, as Erlang itself makes it.
  files.set('db/erlang-cookie', Array.from({ length: 32 }, () => String.fromCharCode(65 + randomInt(26))).join(''));
}

/** Who reads everything: backups, and the exporter of metrics, whose file has its own form. */
function makeReader(files: Files): void {
  const secret = password();
  files.set('db/reader.env', writeEnv({ username: 'reader', password: secret }));
  const module = { type: 'userpass', userpass: { username: 'reader', password: secret } };
  // JSON is YAML.
  files.set('db/postgres_exporter.yml', `${JSON.stringify({ auth_modules: { reader: module } })}\n`);
}

/** Gives a service a login of this colour; the other colour's stays as it is, or is made where there is none. */
function issue(
  files: Files,
  users: Map<string, BrokerUser>,
  { service, colour, environment }: { service: string; colour: Colour; environment: string },
): void {
  const database = readEnv(files.get(`db/${service}-db.env`));
  const passwords = { database: password(), broker: password() };
  const [active, idle] = [`${colour.toUpperCase()}_PASSWORD`, `${other(colour).toUpperCase()}_PASSWORD`];
  const before = [database.MANAGER_PASSWORD ?? '', ...listOf(database.MANAGER_PREVIOUS_PASSWORDS)].filter(Boolean);
  files.set(
    `db/${service}-db.env`,
    writeEnv({
      MANAGER_PASSWORD: password(),
      // Which of them is in the database depends on which Jobs ran.
      MANAGER_PREVIOUS_PASSWORDS: before.slice(0, KEPT).join(),
      [active]: passwords.database,
      [idle]: database[idle] ?? password(),
      RETIRED: '',
    }),
  );
  users.set(`${service}-${colour}`, brokerUser(`${service}-${colour}`, passwords.broker));
  const own = readEnv(files.get(`base/${service}.env`));
  const secret = SIGNING[service]?.current;
  if (secret !== undefined) own[secret] ??= password();
  files.set(
    `base/${service}.env`,
    writeEnv({
      ...own,
      DATABASE_URL: `postgres://app_${colour}:${passwords.database}@${service}-db:5432/app`,
      // With the namespace: KEDA asks the broker from its own.
      BROKER_URL: `amqp://${service}-${colour}:${passwords.broker}@rabbitmq.tradepost-${environment}.svc:5672`,
    }),
  );
}

/** A new secret is believed first and used later: a pod that has not rolled yet must believe what its neighbour signs. */
function announce(files: Files, service: string): void {
  const names = SIGNING[service];
  if (!names) return;
  const own = readEnv(files.get(`base/${service}.env`));
  const believed = [password(), ...listOf(own[names.previous])].slice(0, KEPT + 1);
  files.set(`base/${service}.env`, writeEnv({ ...own, [names.previous]: believed.join() }));
}

/** The secret that was announced signs; the one that did is believed still. */
function promote(files: Files, service: string): void {
  const names = SIGNING[service];
  const own = readEnv(files.get(`base/${service}.env`));
  const [next, ...earlier] = listOf(own[names?.previous ?? '']);
  if (!names || next === undefined) return;
  const believed = [own[names.current] ?? '', ...earlier].slice(0, KEPT);
  files.set(`base/${service}.env`, writeEnv({ ...own, [names.current]: next, [names.previous]: believed.join() }));
}

function retire(files: Files, users: Map<string, BrokerUser>, o: { service: string; colour: Colour }): void {
  const name = `db/${o.service}-db.env`;
  files.set(name, writeEnv({ ...readEnv(files.get(name)), RETIRED: o.colour }));
  // Importing definitions removes nobody: the old user gets a password that nobody knows.
  const user = `${o.service}-${o.colour}`;
  if (users.has(user)) users.set(user, brokerUser(user, password()));
}

/** As RabbitMQ stores it: https://www.rabbitmq.com/docs/passwords#this-is-the-algorithm */
function brokerUser(name: string, secret: string): BrokerUser {
  const salt = randomBytes(4);
  const hash = createHash('sha256').update(salt).update(secret, 'utf8').digest();
  return {
    name,
    password_hash: Buffer.concat([salt, hash]).toString('base64'),
    hashing_algorithm: 'rabbit_password_hashing_sha256',
    tags: [],
  };
}

function definitions(users: Map<string, BrokerUser>): string {
  // Every service declares all of the topology, which is named after Tradepost; nothing else is theirs.
  const ours = '^tradepost(\\..*)?$';
  const permissions = [...users.keys()].map((user) => ({ user, vhost: '/', configure: ours, write: ours, read: ours }));
  return `${JSON.stringify({ users: [...users.values()], vhosts: [{ name: '/' }], permissions }, null, 2)}\n`;
}

function readUsers(files: Files): Map<string, BrokerUser> {
  const text = files.get('db/definitions.json');
  if (text === undefined) return new Map();
  // as: the file is this program's own.
  const { users } = JSON.parse(text) as { users: BrokerUser[] };
  return new Map(users.map((user) => [user.name, user]));
}

function main(args: string[]): number {
  const options = {
    rotate: { type: 'boolean' },
    retire: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [environment] = positionals;
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const root = import.meta.dirname;
  if (
    positionals.length !== 1 ||
    !environment ||
    !existsSync(path.join(root, 'overlays', environment)) ||
    (values.rotate && values.retire)
  ) {
    console.error(HELP);
    return 2;
  }
  const action = values.rotate ? 'rotate' : values.retire ? 'retire' : 'make';
  const { done, what } = writeSecrets(root, environment, action);
  if (done === 'refused') {
    console.error(what.join('\n'));
    return 1;
  }
  console.log(
    `${environment}: credentials ${done} for ${what.join(', ')}. Nothing of them is in git; keep the files safe.`,
  );
  warnOfImages(root, environment);
  return 0;
}

/** Before the environment is built: a pod whose image nobody has published never starts. */
function warnOfImages(root: string, environment: string): void {
  const overlay = path.join(root, 'overlays', environment, 'base/kustomization.yaml');
  const missing =
    existsSync(overlay) && readFileSync(overlay, 'utf8').includes('components/digests') ? unpublished(root) : [];
  if (missing.length === 0) return;
  console.error(`
WARNING: ${environment} has NO IMAGES of ${missing.join(', ')}: nothing is published yet, and its pods cannot start.
  Push a tag v1.2.3: the workflow \`publish\` builds, signs and pushes them and writes their digests. By hand:
    npm run build -- --registry ghcr.io/tradepost --version 1.2.3 --push
    node images/bump.ts ${environment} 1.2.3 order=sha256:…      (for each service; \`docker buildx imagetools inspect\` shows it)`);
}

if (import.meta.main) {
  try {
    process.exitCode = main(process.argv.slice(2));
  } catch (error) {
    console.error(
      error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
        ? `${error.message}\n\n${HELP}`
        : error,
    );
    process.exitCode = 2;
  }
}
