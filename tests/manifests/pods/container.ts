import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { signalProcess } from '@tradepost/testing/signal-process';
import { memoryGroup } from './memory-group.ts';

/** A container, as the kernel is to see it: its own mounts and processes, the network of its pod, a user, a limit. */
export type ContainerOptions = {
  name: string;
  /** A folder for its root, its log and its hosts file. */
  folder: string;
  netns: string;
  /** What the image would hold: paths in the container → paths here, mounted read-only. */
  image: Record<string, string>;
  /** Volumes: path in the container → path here. */
  mounts: { at: string; from: string; readOnly: boolean; memoryMiB?: number }[];
  hosts: Record<string, string>;
  user: { uid: number; gid: number; groups: number[] };
  /** Lines of /etc/passwd. */
  passwd: string;
  env: Record<string, string>;
  command: string[];
  memoryBytes: number;
};

export type RunningContainer = {
  name: string;
  /** Of its first process, as this machine counts. */
  pid(): number;
  ended: Promise<number | null>;
  log(): string;
  /** Runs a command beside it, as the same user. */
  exec(command: string[]): { status: number | null; output: string };
  signal(name: NodeJS.Signals): void;
  /** Bytes that its control group holds, less what the kernel could give back (as Kubernetes counts it). */
  workingSet(): number;
};

/** Whether this machine can do it: root, on Linux, with the tools and control groups. */
export function canRunContainers(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const tools = ['ip', 'unshare', 'nsenter', 'setpriv', 'chroot', 'psql'];
  if (tools.some((tool) => spawnSync('which', [tool], { stdio: 'ignore' }).status !== 0)) return false;
  return (
    spawnSync('unshare', ['--mount', '--pid', '--net', '--fork', 'true'], { stdio: 'ignore' }).status === 0 &&
    memoryGroup() !== undefined
  );
}

const which = (tool: string): string => spawnSync('which', [tool], { encoding: 'utf8' }).stdout.trim();
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Starts it. Its root file system is read-only; what may be written to is in `mounts`. */
export function startContainer(o: ContainerOptions): RunningContainer {
  const group = memoryGroup();
  if (!group) throw new Error('There are no control groups for memory');
  const cgroup = path.join(group.folder, `tradepost-${path.basename(o.folder)}-${o.name}-${process.pid}`);
  mkdirSync(cgroup, { recursive: true });
  writeFileSync(path.join(cgroup, group.limit), String(o.memoryBytes));
  const script = writeFolder(o, cgroup);
  const logFile = path.join(o.folder, `${o.name}.log`);
  const out = openSync(logFile, 'a');
  // Not `ip netns exec`, which hides the control groups.
  const child: ChildProcess = spawn(
    'nsenter',
    [`--net=/run/netns/${o.netns}`, ...'unshare --mount --pid --uts --ipc --fork --kill-child bash'.split(' '), script],
    { stdio: ['ignore', out, out], env: { PATH: process.env.PATH } },
  );
  closeSync(out);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  ended.then(() => spawnSync('rmdir', [cgroup], { stdio: 'ignore' }));
  const children = `/proc/${child.pid}/task/${child.pid}/children`;
  const pid = () => (existsSync(children) ? Number(readFileSync(children, 'utf8').trim().split(' ')[0]) : 0);
  return {
    name: o.name,
    pid,
    ended,
    log: () => readFileSync(logFile, 'utf8'),
    exec(command) {
      // By chroot rather than --root, which would leave the command in a folder outside.
      const enter = ['--target', String(pid()), '--mount', '--net', '--pid', '--', which('chroot')];
      const as = [`--userspec=${o.user.uid}:${o.user.gid}`, '--groups=', path.join(o.folder, 'root')];
      const env = { PATH, ...o.env };
      const run = spawnSync(which('nsenter'), [...enter, ...as, ...command], { encoding: 'utf8', env });
      return { status: run.status, output: `${run.stdout}${run.stderr}` };
    },
    signal(name) {
      const first = pid();
      // 0, when it has ended, would be this process's own group.
      if (first > 0) signalProcess(first, name);
    },
    workingSet() {
      const usage = Number(readFileSync(path.join(cgroup, group.usage), 'utf8'));
      const stat = readFileSync(path.join(cgroup, 'memory.stat'), 'utf8');
      return usage - Number(new RegExp(`^${group.inactive} (\\d+)$`, 'm').exec(stat)?.[1] ?? 0);
    },
  };
}

/** Writes what the container is started from; answers where its script is. */
function writeFolder(o: ContainerOptions, cgroup: string): string {
  mkdirSync(path.join(o.folder, 'root'), { recursive: true });
  writeFileSync(
    path.join(o.folder, 'hosts'),
    Object.entries(o.hosts)
      .map(([name, address]) => `${address} ${name}\n`)
      .join(''),
  );
  writeFileSync(path.join(o.folder, 'passwd'), o.passwd);
  const script = path.join(o.folder, `${o.name}.sh`);
  writeFileSync(script, setup(o, path.join(o.folder, 'root'), cgroup));
  return script;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The script that becomes the container: mounts, limits, user, and at last the command in its place. */
function setup(o: ContainerOptions, root: string, cgroup: string): string {
  const inside = (at: string) => quote(path.join(root, at));
  const bind = (from: string, at: string, readOnly: boolean) => [
    `if [ -d ${quote(from)} ]; then mkdir -p ${inside(at)}; else mkdir -p ${inside(path.dirname(at))}; touch ${inside(at)}; fi`,
    `mount --rbind ${quote(from)} ${inside(at)}`,
    ...(readOnly ? [`mount -o remount,bind,ro ${inside(at)}`] : []),
  ];
  const variables = Object.entries({ PATH, ...o.env }).map(([name, value]) => `${name}=${quote(value)}`);
  const groups = o.user.groups.length > 0 ? `--groups=${o.user.groups.join()}` : '--groups=';
  return [
    'set -euo pipefail',
    `echo $$ > ${quote(path.join(cgroup, 'cgroup.procs'))}`,
    'mount --make-rprivate /',
    `mount -t tmpfs -o mode=755,size=16m tmpfs ${quote(root)}`,
    `mkdir -p ${inside('proc')} ${inside('dev')} ${inside('etc')}`,
    `mount -t proc proc ${inside('proc')}`,
    ...['null', 'zero', 'random', 'urandom'].flatMap((device) => bind(`/dev/${device}`, `/dev/${device}`, false)),
    ...bind('/sys/fs/cgroup', '/sys/fs/cgroup', true),
    ...Object.entries(o.image).flatMap(([at, from]) => bind(from, at, true)),
    ...['hosts', 'passwd'].flatMap((file) => bind(path.join(o.folder, file), `/etc/${file}`, true)),
    ...o.mounts
      .toSorted((a, b) => a.at.localeCompare(b.at))
      .flatMap(({ at, from, readOnly, memoryMiB }) =>
        memoryMiB === undefined
          ? bind(from, at, readOnly)
          : [`mkdir -p ${inside(at)}`, `mount -t tmpfs -o mode=1777,size=${memoryMiB}m tmpfs ${inside(at)}`],
      ),
    `mount -o remount,ro ${quote(root)}`,
    `exec env -i ${variables.join(' ')} "$(command -v setpriv)" --no-new-privs "$(command -v chroot)" --userspec=${o.user.uid}:${o.user.gid} ${groups} ${quote(root)} ${o.command.map(quote).join(' ')}`,
  ].join('\n');
}
