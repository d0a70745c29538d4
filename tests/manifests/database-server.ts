import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '@tradepost/testing/free-port';
import { CONDITION_LIMIT_MS } from '@tradepost/testing/time-limits';
import { repository } from './rendering.ts';

export type ProgramResult = { status: number | null; stdout: string; stderr: string };
/** Servers of this machine's own PostgreSQL, and what runs its programs: as its user where this is root, who may not. */
export type Servers = {
  run(command: string[], env?: Record<string, string>): ProgramResult;
  /** Starts one that is called so, on an address of its own (127.0.0.n) and the port of all. `env` is for the programs that it runs. */
  start(
    name: string,
    address: string,
    more?: { settings?: Record<string, string>; env?: Record<string, string> },
  ): void;
  stop(name: string): void;
  sql(address: string, statement: string, database?: string): string;
  port: number;
};

const VERSIONS = '/usr/lib/postgresql';

/** Where the programs of the machine's PostgreSQL are, with pg_dump and pg_restore, which the embedded one has not. */
export function programs(): string | undefined {
  const version = existsSync(VERSIONS) ? readdirSync(VERSIONS).sort().at(-1) : undefined;
  if (version !== undefined) return path.join(VERSIONS, version, 'bin');
  if (process.env.CI) throw new Error('PostgreSQL is not installed, and the test of backups needs its programs');
  console.warn('\n  PostgreSQL is not installed: BACKUPS ARE NOT TESTED\n');
  return undefined;
}

/** The scripts of the backups, and the login that the pod has as files. */
export function copyBackupScripts(folder: string): void {
  cpSync(path.join(repository, 'k8s/components/backup'), path.join(folder, 'scripts'), { recursive: true });
  mkdirSync(path.join(folder, 'login'));
  writeFileSync(path.join(folder, 'login/username'), 'reader');
  writeFileSync(path.join(folder, 'login/password'), 'not asked for');
}

/** `folder` must be open to the user of PostgreSQL, and is theirs afterwards. */
// Long: the parts of one test setup
export async function openServers(bin: string, folder: string): Promise<Servers> {
  const port = await freePort();
  const as = process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
  if (as.length > 0) spawnSync('chown', ['-R', 'postgres:', folder]);
  const run: Servers['run'] = (command, env = {}) => {
    const [file = '', ...args] = [...as, ...command];
    const { status, stdout, stderr } = spawnSync(file, args, {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: `${bin}:${process.env.PATH}`, LANG: 'C.UTF-8', PGPORT: String(port), PGHOST: folder, ...env },
    });
    return { status, stdout, stderr };
  };
  const succeed = (command: string[], env?: Record<string, string>): string => {
    const { status, stdout, stderr } = run(command, env);
    if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
    return stdout;
  };
  const ctl = (name: string, args: string[], env: Record<string, string> = {}) => {
    const log = path.join(folder, `${name}.log`);
    const { status, stderr } = run(
      [
        'pg_ctl',
        '--silent',
        '--wait',
        `--timeout=${Math.ceil(CONDITION_LIMIT_MS / 1000)}`,
        `--pgdata=${folder}/${name}`,
        `--log=${log}`,
        ...args,
      ],
      env,
    );
    if (status !== 0) throw new Error(`pg_ctl ${args[0]} ${name}: ${stderr}${readFileSync(log, 'utf8').slice(-2000)}`);
  };
  return {
    run,
    port,
    start(name, address, more = {}) {
      const data = path.join(folder, name);
      if (!existsSync(data)) {
        mkdirSync(data);
        if (as.length > 0) spawnSync('chown', ['postgres:', data]);
        succeed(['initdb', `--pgdata=${data}`, '--username=postgres', '--auth=trust', '--no-sync']);
      }
      const settings = {
        listen_addresses: address,
        unix_socket_directories: '',
        cluster_name: name,
        fsync: 'off',
        shared_buffers: '16MB',
        // As in base, but at once: nobody may wait within a transaction without having said so.
        idle_in_transaction_session_timeout: '1ms',
        ...more.settings,
      };
      const options = Object.entries(settings).map(([key, value]) => `-c ${key}='${value}'`);
      ctl(name, ['start', `--options=${options.join(' ')}`], more.env);
    },
    stop: (name) => ctl(name, ['stop', '--mode=immediate']),
    sql: (address, statement, database = 'app') =>
      succeed(['psql', '--no-psqlrc', '-qtAXc', statement, '-v', 'ON_ERROR_STOP=1', '-U', 'postgres', '-d', database], {
        PGHOST: address,
      }).trim(),
  };
}
