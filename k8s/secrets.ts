// `npm run secrets -- dev|prod`: makes the credentials of an environment, in files that git ignores.
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { unpublished } from '../images/bump.ts';
import { brokerDefinitions, readUsers } from './broker-users.ts';
import { type Files, readEnv, readFiles, servicesOf, writeEnv, writeFiles } from './secret-files.ts';
import {
  announceMailKey,
  announceSigningSecret,
  type Colour,
  issueLogin,
  otherColour,
  promoteMailKey,
  promoteSigningSecret,
  randomPassword,
  retireLogin,
  shareMailKey,
} from './service-credentials.ts';

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

/** The other login of each service is the one that pods use until they have rolled. */
const UNFINISHED = `The rotation before is not finished, and another would give new passwords to logins that pods may still use.
Roll it out and run --retire first (see --help).`;

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
  if (action === 'rotate' && state.phase === 'rotated') return { done: 'refused', what: [UNFINISHED] };
  let colour: Colour = state.colour === 'green' ? 'green' : 'blue';
  if (action === 'rotate') colour = otherColour(colour);
  if (!there) makeShared(files);
  if (action === 'rotate') makeReader(files);
  const users = readUsers(files);
  for (const service of services) {
    if (missing.includes(service) || action === 'rotate') issueLogin(files, users, { service, colour, environment });
    // Once between one rotation and the next: what was promoted stays.
    if (action === 'rotate') announceSigningSecret(files, service);
    if (action === 'retire' && state.phase === 'rotated') promoteSigningSecret(files, service);
    if (action === 'retire') retireLogin(files, users, { service, colour: otherColour(colour) });
  }
  shareMailKey(files, services);
  if (action === 'rotate') announceMailKey(files);
  if (action === 'retire' && state.phase === 'rotated') promoteMailKey(files);
  const phase = action === 'make' ? (state.phase ?? 'made') : action === 'rotate' ? 'rotated' : 'retired';
  files.set('db/definitions.json', brokerDefinitions(users));
  files.set('db/rotation.env', writeEnv({ number: String(Number(state.number) + 1), colour, phase }));
  writeFiles(root, environment, files);
  if (action === 'make') return { done: there ? 'added' : 'made', what: there ? missing : services };
  return { done: action === 'rotate' ? 'rotated' : 'retired', what: services };
}

function makeShared(files: Files): void {
  // Every database is made with this one, and has another as soon as its first Job ran.
  files.set('db/manager.env', writeEnv({ username: 'manager', password: randomPassword() }));
  makeReader(files);
  // Letters only, as Erlang itself makes it.
  files.set('db/erlang-cookie', Array.from({ length: 32 }, () => String.fromCharCode(65 + randomInt(26))).join(''));
}

/** Who reads everything: backups, and the exporter of metrics, whose file has its own form. */
function makeReader(files: Files): void {
  const secret = randomPassword();
  files.set('db/reader.env', writeEnv({ username: 'reader', password: secret }));
  const module = { type: 'userpass', userpass: { username: 'reader', password: secret } };
  // JSON is YAML.
  files.set('db/postgres_exporter.yml', `${JSON.stringify({ auth_modules: { reader: module } })}\n`);
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
