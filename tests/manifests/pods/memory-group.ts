import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder of this process's memory control group, and how a limit is called there (versions 2 and 1). */
export function memoryGroup(): { folder: string; limit: string; usage: string; inactive: string } | undefined {
  const lines = readFileSync('/proc/self/cgroup', 'utf8').split('\n');
  const old = lines.find((line) => line.split(':')[1]?.split(',').includes('memory'));
  const folder = old ? `/sys/fs/cgroup/memory${old.split(':')[2]}` : `/sys/fs/cgroup${lines[0]?.split(':')[2] ?? ''}`;
  const names = old
    ? { limit: 'memory.limit_in_bytes', usage: 'memory.usage_in_bytes', inactive: 'total_inactive_file' }
    : { limit: 'memory.max', usage: 'memory.current', inactive: 'inactive_file' };
  const test = path.join(folder, `tradepost-probe-${process.pid}`);
  try {
    mkdirSync(test);
    readFileSync(path.join(test, names.limit));
    return { folder, ...names };
  } catch {
    return undefined;
  } finally {
    spawnSync('rmdir', [test], { stdio: 'ignore' });
  }
}
