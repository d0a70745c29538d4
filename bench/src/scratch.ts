import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder of a run's own: bundles, databases that are not kept, the files of nginx and pgbench. */
export async function makeScratch(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tradepost-bench-'));
  // As root, PostgreSQL runs as another user, who has to pass.
  await chmod(folder, 0o711);
  return folder;
}

export function removeScratch(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 10 });
}
