// Long: all cases share embedded servers, which are slow to start

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '@tradepost/testing/free-port';
import { poolLimitsForSlowMachines } from '@tradepost/testing/time-limits';
import { until } from '@tradepost/testing/until';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbeddedPostgres, FolderInUse, removePostgres, startPostgres } from '../src/embedded.ts';
import { chooseLauncher, findPrograms } from '../src/embedded-programs.ts';
import { createPool, type Pool } from '../src/pool.ts';
import { recordingLog, silent } from './log.ts';

const isRoot = process.getuid?.() === 0;
/** To run a command as the user `nobody`. */
const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--'];
const script = fileURLToPath(new URL('./owner.ts', import.meta.url));
const nobodyCanReadThis = spawnSync('setpriv', [...asNobody, 'cat', script], { cwd: '/' }).status === 0;
const settings = { fsync: 'off', shared_buffers: '16MB' };
let parent: string;
let directory: string;
const servers: EmbeddedPostgres[] = [];
const pools: Pool[] = [];
const owners: ChildProcess[] = [];

beforeEach(async () => {
  // Of mode 0700: for root, this is a folder that the user PostgreSQL runs as may not enter.
  parent = await mkdtemp(join(tmpdir(), 'tradepost-embedded-'));
  directory = join(parent, 'pg');
});

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.end()));
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  for (const owner of owners.splice(0)) {
    if (owner.exitCode !== null || owner.signalCode !== null) continue;
    owner.kill('SIGKILL');
    await once(owner, 'exit');
  }
  await until(() => removePostgres(directory).then(() => true));
  await rm(parent, { recursive: true, force: true });
});

let made: Promise<string> | undefined;
afterAll(async () => {
  if (made) await rm(await made, { recursive: true });
});

/** A folder with a cluster in it. */
async function makeCluster(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tradepost-embedded-made-'));
  const server = await startPostgres({ directory: folder, log: silent, settings });
  await server.stop();
  return folder;
}

/** For a test that is about something else than making one: initdb takes more than a second of CPU. */
async function useMadeCluster(): Promise<void> {
  made ??= makeCluster();
  const { status, stderr } = spawnSync('cp', ['-a', await made, directory], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
}

async function start(options: { port?: number; log?: typeof silent } = {}): Promise<EmbeddedPostgres> {
  const server = await startPostgres({ directory, log: silent, settings, ...options });
  servers.push(server);
  return server;
}

function connect(url: string, max = 2): Pool {
  const pool = createPool({ url, name: 'embedded-test', max, log: silent, ...poolLimitsForSlowMachines });
  pools.push(pool);
  return pool;
}

type ServerReport = { port?: number; url?: string; error?: string };

/** Starts a process that owns the folder; `said` is its first line. */
function spawnOwner(prefix: string[] = []): { process: ChildProcess; said: Promise<ServerReport> } {
  const [command = process.execPath, ...args] = [...prefix, process.execPath, script, directory];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: '/' });
  owners.push(child);
  const lines = createInterface({ input: child.stdout });
  const said = once(lines, 'line').then(([line]): ServerReport => JSON.parse(line));
  return { process: child, said };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function serverPid(): Promise<number> {
  return Number((await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

test('makes a cluster, keeps what is written, and leaves nothing running', async () => {
  const first = await start();
  expect(first.takenOver).toBe(false);
  expect(await first.createDatabase('order-db')).toBe(true);
  expect(await first.createDatabase('order-db')).toBe(false);
  const pool = connect(first.url('order-db'));
  await pool.query({ text: `create table kept as select 'grün' as word` });
  expect(await first.createDatabase('copy', 'template1')).toBe(true);
  const { rows } = await pool.query({
    text: `select current_setting('data_checksums') checksums, current_setting('server_encoding') encoding, upper('é') upper,
      current_setting('listen_addresses') listens, current_setting('unix_socket_directories') sockets, current_setting('fsync') fsync`,
  });
  expect(rows[0]).toEqual({
    checksums: 'on',
    encoding: 'UTF8',
    upper: 'É',
    listens: '127.0.0.1',
    sockets: '',
    fsync: 'off',
  });
  expect((await stat(join(directory, 'password'))).mode & 0o777).toBe(0o600);
  await pool.end();
  await first.stop();
  await first.stop();
  expect(existsSync(join(directory, 'data', 'postmaster.pid'))).toBe(false);

  const second = await start();
  expect((await connect(second.url('order-db')).query({ text: 'select word from kept' })).rows).toEqual([
    { word: 'grün' },
  ]);
});

test('a wrong password is refused', async () => {
  await useMadeCluster();
  const url = new URL((await start()).url('postgres'));
  url.password = 'guess';
  await expect(connect(url.href).ping()).rejects.toMatchObject({ cause: { code: '28P01' } });
});

test('a server left running by a killed owner is taken over, with its data, and then stopped', async () => {
  await useMadeCluster();
  const owner = spawnOwner();
  const { port, url } = await owner.said;
  const pool = connect(url ?? '');
  await pool.query({ text: 'create table kept as select 1 as n' });
  await kill(owner.process);
  await pool.query({ text: 'insert into kept values (2)' });
  const pid = await serverPid();

  const { log, lines } = recordingLog();
  const heir = await start({ log });
  expect(heir).toMatchObject({ takenOver: true, port });
  expect(lines.some((line) => line.msg.includes('took over'))).toBe(true);
  expect((await pool.query({ text: 'select n from kept order by n' })).rows).toEqual([{ n: 1 }, { n: 2 }]);
  expect(await serverPid()).toBe(pid);
  await heir.stop();
  expect(existsSync(join(directory, 'data', 'postmaster.pid'))).toBe(false);
});

test('an heir that wants another port starts the server anew on it', async () => {
  await useMadeCluster();
  const owner = spawnOwner();
  const { port = 0 } = await owner.said;
  await kill(owner.process);
  const wanted = await freePort();
  const heir = await start({ port: wanted });
  expect(wanted).not.toBe(port);
  expect(heir).toMatchObject({ takenOver: false, port: wanted });
  await expect(connect(heir.url('postgres')).ping()).resolves.toBeUndefined();
});

test('owner and server killed together: the stale postmaster.pid is no hindrance, and nothing committed is lost', async () => {
  await useMadeCluster();
  const owner = spawnOwner();
  const { url } = await owner.said;
  const pool = connect(url ?? '', 1);
  await pool.query({ text: 'create table kept as select 1 as n' });
  await kill(owner.process);
  process.kill(await serverPid(), 'SIGKILL');
  await until(() =>
    pool.ping().then(
      () => false,
      () => true,
    ),
  );
  const heir = await start();
  expect((await connect(heir.url('postgres')).query({ text: 'select n from kept' })).rows).toEqual([{ n: 1 }]);
});

test('a postmaster.pid whose process id belongs to something else by now is no hindrance', async () => {
  await useMadeCluster();
  await (await start()).stop();
  const lines = [process.pid, join(directory, 'data'), 1_700_000_000, 5432, '', '127.0.0.1', '', 'ready   ', ''];
  const path = join(directory, 'data', 'postmaster.pid');
  await writeFile(path, lines.join('\n'));
  const { uid, gid } = await stat(join(directory, 'data'));
  await chown(path, uid, gid);
  const server = await start();
  expect(server.takenOver).toBe(false);
  await expect(connect(server.url('postgres')).ping()).resolves.toBeUndefined();
});

test('a second owner is refused and named the first, in another process and in this one', async () => {
  await useMadeCluster();
  await start();
  const second = await spawnOwner().said;
  expect(second.error).toContain('FolderInUse');
  expect(second.error).toContain(String(process.pid));
  await expect(startPostgres({ directory, log: silent })).rejects.toBeInstanceOf(FolderInUse);
  await expect(removePostgres(directory)).rejects.toBeInstanceOf(FolderInUse);
});

test('an initdb that was interrupted is redone', async () => {
  const owner = spawnOwner();
  await until(async () => {
    for (const name of await readdir(directory).catch(() => [])) {
      if (name.startsWith('initdb-') && existsSync(join(directory, name, 'data', 'PG_VERSION'))) return true;
    }
    return false;
  });
  await kill(owner.process);
  expect(existsSync(join(directory, 'data'))).toBe(false);
  const server = await start();
  await expect(connect(server.url('postgres')).ping()).resolves.toBeUndefined();
  expect((await readdir(directory)).filter((name) => name.startsWith('initdb-'))).toEqual([]);
});

test('a server that dies is started again on its port, and a pool finds it again', async () => {
  await useMadeCluster();
  const server = await start();
  const pool = connect(server.url('postgres'));
  await pool.query({ text: 'create table kept as select 1 as n' });
  const { rows } = await pool.query<{ pid: number }>({ text: 'select pg_backend_pid() as pid' });
  process.kill(await serverPid(), 'SIGKILL');
  await until(async () => {
    const again = await pool.query<{ pid: number; n: number }>({ text: 'select n, pg_backend_pid() as pid from kept' });
    return again.rows[0]?.n === 1 && again.rows[0].pid !== rows[0]?.pid;
  });
});

test('a pool outlives a restart of the server', async () => {
  await useMadeCluster();
  const server = await start();
  const pool = connect(server.url('postgres'), 5);
  await Promise.all(Array.from({ length: 5 }, () => pool.query({ text: 'select pg_sleep(0.02)' })));
  expect(pool.stats().total).toBe(5);
  await server.restart();
  await until(() => pool.ping().then(() => true));
  const results = await Promise.all(Array.from({ length: 5 }, () => pool.query({ text: 'select 1' })));
  expect(results).toHaveLength(5);
});

test('the Ctrl-C that stops its owner does not reach the server', async () => {
  await useMadeCluster();
  await start();
  // Signal 0 finds the process group that the server leads; in its owner's group it would lead none.
  expect(process.kill(-(await serverPid()), 0)).toBe(true);
});

test('a port that is in use is said so', async () => {
  await useMadeCluster();
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  await expect(start({ port })).rejects.toThrow(`The port ${port} is in use`);
  other.close();
  // The folder has been given back.
  await start();
});

test('a setting that PostgreSQL refuses is reported in its own words', async () => {
  await useMadeCluster();
  await expect(
    startPostgres({ directory, log: silent, settings: { ...settings, work_mem: 'plenty' } }),
  ).rejects.toThrow(/work_mem/);
});

test('data without its password is not touched', async () => {
  await useMadeCluster();
  await (await start()).stop();
  await rm(join(directory, 'password'));
  await expect(start()).rejects.toThrow(/password file is gone/);
});

test.runIf(isRoot)('as root it runs as the owner of its data, who is somebody else', async () => {
  const server = await start();
  const { uid } = await stat(join(directory, 'data'));
  expect(uid).not.toBe(0);
  const status = await readFile(`/proc/${await serverPid()}/status`, 'utf8');
  expect(status).toMatch(new RegExp(`^Uid:\\s+${uid}\\s`, 'm'));
  // The parent folder is closed to that user, so the server was given the one capability that it takes.
  expect(status).toMatch(/^CapEff:\s+0000000000000002$/m);
  await server.stop();
  await chmod(parent, 0o755);
  await start();
  // It needs none now, unless the programs themselves lie in a closed folder.
  const needed = nobodyCanReadThis ? /^CapEff:\s+0+$/m : /^CapEff:\s+0000000000000002$/m;
  expect(await readFile(`/proc/${await serverPid()}/status`, 'utf8')).toMatch(needed);
});

test.runIf(isRoot && nobodyCanReadThis)('as an ordinary user it runs as that user', async () => {
  await chmod(parent, 0o755);
  await mkdir(directory);
  await chown(directory, 65534, 65534);
  const owner = spawnOwner(['setpriv', ...asNobody]);
  const { url } = await owner.said;
  await expect(connect(url ?? '').ping()).resolves.toBeUndefined();
  expect(await readFile(`/proc/${await serverPid()}/status`, 'utf8')).toMatch(/^Uid:\s+65534\s/m);
  owner.process.kill('SIGTERM');
  await once(owner.process, 'exit');
  expect(existsSync(join(directory, 'data', 'postmaster.pid'))).toBe(false);
  // Root, too, runs it as the user whose data it is.
  await start();
  expect(await readFile(`/proc/${await serverPid()}/status`, 'utf8')).toMatch(/^Uid:\s+65534\s/m);
});

test.runIf(isRoot)('as root, the programs may lie in a folder that is closed to others, too', async () => {
  const { postgres } = await findPrograms();
  const programs = dirname(dirname(postgres));
  // Links, where the file system allows them: the programs are large.
  const isLinked = spawnSync('cp', ['-al', programs, join(parent, 'native')]).status === 0;
  if (!isLinked) spawnSync('cp', ['-a', programs, parent]);
  const program = (name: string) => join(parent, 'native', 'bin', name);
  const closed = { postgres: program('postgres'), initdb: program('initdb'), pg_ctl: program('pg_ctl') };
  await mkdir(directory);
  const { owner, launch } = await chooseLauncher(closed, directory, join(directory, 'data'));
  await chown(directory, owner?.uid ?? 0, owner?.gid ?? 0);
  const { command, args, options } = launch(closed.initdb, [
    '--pgdata',
    join(directory, 'data'),
    '--username=postgres',
  ]);
  const { status, stderr } = spawnSync(command, args, { ...options, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
});
