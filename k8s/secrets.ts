// `npm run secrets -- dev|prod`: makes the credentials of an environment, in files that git ignores.
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const HELP = `npm run secrets -- <dev|prod> [--rotate | --retire]

Makes random credentials for the databases, the broker and the services of an environment, in files that git ignores:
  k8s/overlays/<environment>/{db,base}/secrets/made by npm run secrets -- <environment>/
They are never printed. What is there already is never overwritten; what a new service needs is added.

  --rotate   Gives every service a new login for its database and for the broker, beside the one it has (blue and green
             take turns). The old ones stay valid, so nothing fails while the services roll. Then apply db/, wait for its
             Jobs and for the broker, apply base/, and wait for the rollout:
               kubectl apply -k k8s/overlays/<environment>/db && kubectl -n tradepost-<environment> wait --for=condition=complete job -l app.kubernetes.io/component=database-roles
               kubectl -n tradepost-<environment> rollout status statefulset/rabbitmq
               kubectl apply -k k8s/overlays/<environment>/base
  --retire   Once that is done: takes the old logins' right to sign in away. Apply db/ again.

Not rotated: the password of \`manager\` (it makes roles, and owns and reads nothing), the Erlang cookie, and AUTH_SECRET (put the
old one into AUTH_PREVIOUS_SECRETS of base/…/auth.env by hand; sessions begun meanwhile may have to sign in again).
`;

type Colour = 'blue' | 'green';
type Env = Record<string, string>;
type BrokerUser = { name: string; password_hash: string; hashing_algorithm: string; tags: string[] };
type Files = Map<string, string>;

/** Secrets of a service beyond its database and the broker; they are made once and kept by a rotation. */
const OWN_SECRETS: Record<string, readonly string[]> = { auth: ['AUTH_SECRET'] };

const password = (): string => randomBytes(32).toString('base64url');
const other = (colour: Colour): Colour => (colour === 'blue' ? 'green' : 'blue');

/** The services, by their databases in base. */
export function servicesOf(root: string): string[] {
  return readdirSync(path.join(root, 'base/postgres'))
    .filter((name) => name.endsWith('-db'))
    .map((name) => name.slice(0, -'-db'.length))
    .sort();
}

/** The folder of the files of one part, which is called what makes it, so that an error about a missing file says what to do. */
export function folderOf(root: string, environment: string, part: 'base' | 'db'): string {
  return path.join(root, 'overlays', environment, part, 'secrets', `made by npm run secrets -- ${environment}`);
}

export type Outcome = { done: 'made' | 'added' | 'rotated' | 'retired' | 'refused'; what: string[] };

/** Makes, completes, rotates or retires the credentials of one environment; `root` is the folder k8s. */
export function writeSecrets(root: string, environment: string, action: 'make' | 'rotate' | 'retire'): Outcome {
  const files = readFiles(root, environment);
  const services = servicesOf(root);
  const there = files.has('db/rotation.env');
  if (action !== 'make' && !there) return { done: 'refused', what: ['There is nothing yet: run it without options.'] };
  const missing = services.filter((name) => !files.has(`db/${name}-db.env`) || !files.has(`base/${name}.env`));
  if (action === 'make' && there && missing.length === 0) {
    return { done: 'refused', what: ['The files are there already. --rotate replaces the credentials in them.'] };
  }
  const state = readEnv(files.get('db/rotation.env') ?? 'number=0\ncolour=blue\n');
  let colour: Colour = state.colour === 'green' ? 'green' : 'blue';
  if (action === 'rotate') colour = other(colour);
  if (!there) makeShared(files);
  if (action === 'rotate') makeReader(files);
  const users = readUsers(files);
  for (const service of services) {
    if (missing.includes(service) || action === 'rotate') issue(files, users, { service, colour });
    if (action === 'retire') retire(files, users, { service, colour: other(colour) });
  }
  files.set('db/definitions.json', definitions(users));
  files.set('db/rotation.env', writeEnv({ number: String(Number(state.number) + 1), colour }));
  writeFiles(root, environment, files);
  if (action === 'make') return { done: there ? 'added' : 'made', what: missing };
  return { done: action === 'rotate' ? 'rotated' : 'retired', what: services };
}

function makeShared(files: Files): void {
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
function issue(files: Files, users: Map<string, BrokerUser>, o: { service: string; colour: Colour }): void {
  const { service, colour } = o;
  const database = readEnv(files.get(`db/${service}-db.env`) ?? '');
  const passwords = { database: password(), broker: password() };
  const [active, idle] = [`${colour.toUpperCase()}_PASSWORD`, `${other(colour).toUpperCase()}_PASSWORD`];
  files.set(
    `db/${service}-db.env`,
    writeEnv({
      [active]: passwords.database,
      [idle]: database[idle] ?? password(),
      RETIRED: '',
    }),
  );
  users.set(`${service}-${colour}`, brokerUser(`${service}-${colour}`, passwords.broker));
  const own = readEnv(files.get(`base/${service}.env`) ?? '');
  for (const name of OWN_SECRETS[service] ?? []) own[name] ??= password();
  files.set(
    `base/${service}.env`,
    writeEnv({
      ...own,
      DATABASE_URL: `postgres://app_${colour}:${passwords.database}@${service}-db:5432/app`,
      BROKER_URL: `amqp://${service}-${colour}:${passwords.broker}@rabbitmq:5672`,
    }),
  );
}

function retire(files: Files, users: Map<string, BrokerUser>, o: { service: string; colour: Colour }): void {
  const name = `db/${o.service}-db.env`;
  files.set(name, writeEnv({ ...readEnv(files.get(name) ?? ''), RETIRED: o.colour }));
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

function readFiles(root: string, environment: string): Files {
  const files: Files = new Map();
  for (const part of ['db', 'base'] as const) {
    const folder = folderOf(root, environment, part);
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder)) {
      if (!name.startsWith('.')) files.set(`${part}/${name}`, readFileSync(path.join(folder, name), 'utf8'));
    }
  }
  return files;
}

/** Those of db first: should this be interrupted, the services keep what still works. */
function writeFiles(root: string, environment: string, files: Files): void {
  for (const part of ['db', 'base'] as const) {
    const folder = folderOf(root, environment, part);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const [name, text] of files) {
      if (!name.startsWith(`${part}/`)) continue;
      const file = path.join(folder, name.slice(part.length + 1));
      writeFileSync(path.join(folder, '.new'), text, { mode: 0o600 });
      renameSync(path.join(folder, '.new'), file);
    }
  }
}

function readEnv(text: string): Env {
  const pairs = text.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(pairs.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

function writeEnv(env: Env): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
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
  return 0;
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
