// `node bench/sign-in.ts`: CPU of a sign-in at `auth`, without and with a second factor, and without the hash of the password (Linux).
// With it in two requests, as pages send them, and in one. All are measured in turn, in the same process.
// It is not an operation of the benchmark: each code is good once in half a minute, so the codes are made good again between rounds.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { hash } from '@node-rs/argon2';
import { startPostgres } from '@tradepost/postgres/embedded';
import { migrate } from '@tradepost/postgres/migrate';
import { createPool, type Pool } from '@tradepost/postgres/pool';
import { readPostmaster } from '@tradepost/postgres/postmaster';
import { pino } from 'pino';
import { codeOf, presentStep } from '../services/auth/test/factors.ts';
import { median } from './src/measurement.ts';
import { type ServerProcess, startProcess, untilAnswered } from './src/processes.ts';
import { cpuOf, cpuOfTree } from './src/processor.ts';
import { makeScratch, removeScratch } from './src/scratch.ts';

const ACCOUNTS = 40;
const ROUNDS = 14;
const PASSWORD = 'a perfectly fine passphrase';
/** An older version of `auth` knows no second factor. */
const withCodes = !process.argv.includes('--password-only');

type Account = { id: string; email: string; secret: string };
/** A way to sign in; `rounds` has the CPU of `auth` and of PostgreSQL, in milliseconds for each sign-in. */
type Kind = {
  name: string;
  accounts: Account[];
  act: (url: string, account: Account) => Promise<void>;
  rounds: number[][];
};
type Answer = { token: string; secret: string; challenge: string; user: { id: string } };

async function measure(): Promise<void> {
  const scratch = await makeScratch();
  const log = pino({ level: 'silent' });
  const server = await startPostgres({ directory: `${scratch}/postgres`, log, settings: { fsync: 'off' } });
  let auth: ServerProcess | undefined;
  try {
    await server.createDatabase('auth');
    const url = server.url('auth');
    await migrate({ url, directory: new URL('../services/auth/migrations/', import.meta.url), log });
    const port = await freePort();
    auth = startAuth(url, port);
    const origin = `http://127.0.0.1:${port}`;
    await untilAnswered(auth, `${origin}/api/v1/auth/jwks`);
    const postmaster = (await readPostmaster(`${scratch}/postgres/data`))?.pid ?? 0;
    const pool = createPool({ url, name: 'bench', log });
    try {
      await run({ url: origin, pid: auth.pid, postmaster }, pool);
    } finally {
      await pool.end();
    }
  } finally {
    await auth?.stop();
    await server.stop();
    await removeScratch(scratch);
  }
}

type Target = { url: string; pid: number; postmaster: number };

function startAuth(databaseUrl: string, port: number): ServerProcess {
  const main = path.resolve(import.meta.dirname, '../services/auth/src/main.ts');
  return startProcess('auth', process.execPath, [main], {
    ...{
      HOST: '127.0.0.1',
      PORT: String(port),
      MANAGEMENT_PORT: '0',
      LOG_LEVEL: 'error',
      BROKER_URL: 'amqp://127.0.0.1:1',
    },
    ...{ DATABASE_URL: databaseUrl, SIGN_UPS_PER_ADDRESS: '0', SIGN_IN_FAILURES_PER_ADDRESS: '0' },
    ...{ AUTH_SECRET: 'of-the-benchmark-0123456789-abcdefgh', MAIL_KEY: 'of-the-benchmark-0123456789-abcdefgh' },
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // as: a server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function run(auth: Target, pool: Pool): Promise<void> {
  const plain: Account[] = [];
  const guarded: Account[] = [];
  for (let n = 0; n < ACCOUNTS; n++) {
    plain.push(await signUp(auth.url, `plain-${n}@example.com`));
    if (withCodes) guarded.push(await setUp(auth.url, await signUp(auth.url, `guarded-${n}@example.com`)));
  }
  // The cheapest hash that there is: what is left is the sign-in.
  const password = await hash(PASSWORD, { memoryCost: 8, timeCost: 1, parallelism: 1 });
  await pool.query({ text: 'update credential set password = $1', values: [password] });
  const kinds: Kind[] = [
    { name: 'password', accounts: plain, act: signIn, rounds: [] },
    ...(withCodes
      ? [
          { name: 'password, then a code', accounts: guarded, act: signInByCode, rounds: [] },
          { name: 'password with a code', accounts: guarded, act: signInAtOnce, rounds: [] },
        ]
      : []),
  ];
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of kinds) {
      if (withCodes) await pool.query({ text: 'update totp set last_step = 0' });
      kind.rounds.push(await cost(auth, kind.accounts, (one) => kind.act(auth.url, one)));
    }
  }
  print(kinds);
}

/** CPU of one sign-in in milliseconds: of `auth`, and of PostgreSQL. */
async function cost(
  { pid, postmaster }: Target,
  accounts: Account[],
  act: (account: Account) => Promise<void>,
): Promise<number[]> {
  const before = [cpuOf(pid), cpuOfTree(postmaster)];
  for (const account of accounts) await act(account);
  return [cpuOf(pid), cpuOfTree(postmaster)].map((after, i) => (after - (before[i] ?? 0)) / accounts.length);
}

function print([first, ...others]: Kind[]): void {
  // The first rounds are for the compiler.
  const warm = (kind: Kind) => kind.rounds.slice(5).map(([own = 0, postgres = 0]) => [own, postgres, own + postgres]);
  const text = (rounds: number[][]) => {
    const [own, postgres, sum] = [0, 1, 2].map((i) => median(rounds.map((round) => round[i] ?? 0)).toFixed(2));
    return `auth ${own} ms, PostgreSQL ${postgres} ms, together ${sum} ms`;
  };
  if (!first) return;
  console.log(`${first.name}: ${text(warm(first))}`);
  for (const other of others) {
    const more = warm(other).map((round, i) => round.map((value, column) => value - (warm(first)[i]?.[column] ?? 0)));
    console.log(`${other.name}: ${text(warm(other))}; more than ${first.name}: ${text(more)}`);
  }
}

async function post(url: string, path: string, body: object, token?: string): Promise<Answer> {
  const response = await fetch(`${url}/api/v1/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  // as: what is missing in it shows in the next request.
  const answer = (await response.json()) as Answer;
  if (response.status !== 200 && response.status !== 403) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  return answer;
}

async function signUp(url: string, email: string): Promise<Account & { token: string }> {
  const { token, user } = await post(url, 'sign-up/email', { name: 'Bench', email, password: PASSWORD });
  return { id: user.id, email, token, secret: '' };
}

async function setUp(url: string, account: Account & { token: string }): Promise<Account> {
  const { secret } = await post(url, 'two-factor/enable', { currentPassword: PASSWORD }, account.token);
  await post(url, 'two-factor/confirm', { code: await codeOf(secret) }, account.token);
  return { ...account, secret };
}

async function signIn(url: string, { email }: Account): Promise<void> {
  const { token } = await post(url, 'sign-in/email', { email, password: PASSWORD });
  if (!token) throw new Error('No session was opened');
}

async function signInByCode(url: string, { email, secret }: Account): Promise<void> {
  const { challenge } = await post(url, 'sign-in/email', { email, password: PASSWORD });
  const code = await codeOf(secret, presentStep());
  const { token } = await post(url, 'sign-in/second-factor', { challenge, code });
  if (!token) throw new Error('No session was opened');
}

async function signInAtOnce(url: string, { email, secret }: Account): Promise<void> {
  const code = await codeOf(secret, presentStep());
  const { token } = await post(url, 'sign-in/email', { email, password: PASSWORD, code });
  if (!token) throw new Error('No session was opened');
}

await measure();
