// `node bench/sign-in.ts`: CPU of a sign-in at `auth`, without and with a second factor, and without the hash of the password (Linux).
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
  const results: { plain: number[][]; guarded: number[][] } = { plain: [], guarded: [] };
  for (let round = 0; round < ROUNDS; round++) {
    if (withCodes) await pool.query({ text: 'update totp set last_step = 0' });
    results.plain.push(await cost(auth, plain, (one) => signIn(auth.url, one)));
    if (withCodes) results.guarded.push(await cost(auth, guarded, (one) => signInByCode(auth.url, one)));
  }
  print('password', results.plain);
  if (withCodes) print('password and code', results.guarded);
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

function print(name: string, rounds: number[][]): void {
  // The first rounds are for the compiler.
  const warm = rounds.slice(5);
  const [own, postgres] = [0, 1].map((i) => median(warm.map((round) => round[i] ?? 0)));
  const sum = median(warm.map((round) => (round[0] ?? 0) + (round[1] ?? 0)));
  const text = [own, postgres, sum].map((value) => `${(value ?? 0).toFixed(2)} ms`);
  console.log(`${name}: auth ${text[0]}, PostgreSQL ${text[1]}, together ${text[2]} a sign-in`);
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

await measure();
