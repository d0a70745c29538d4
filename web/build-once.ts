// Builds something into <folder>/<hash of what it is built from>, once for the same sources, however many want it at once.
import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
/** Earlier builds that are kept, and how long others are: a shop or a benchmark that is running may be using one. */
const KEPT = 3;
const KEPT_MS = 6 * 3600 * 1000;

/** The folder of the build that was made from these very sources; makes it unless it is there. */
export async function buildOnce(o: {
  /** Holds the builds and nothing else. */
  builds: string;
  /** Patterns of files, relative to the repository. */
  sources: readonly string[];
  /** What the build depends on beside them. */
  alsoDependsOn?: string;
  build: (folder: string) => Promise<void>;
}): Promise<{ folder: string; fresh: boolean }> {
  const name = await hashOf(o.sources, o.alsoDependsOn ?? '');
  const folder = path.join(o.builds, name);
  if (await exists(folder)) {
    // Others must see that it is in use. Where it may only be read, nobody removes it either.
    await utimes(folder, new Date(), new Date()).catch(() => undefined);
    return { folder, fresh: false };
  }
  await mkdir(o.builds, { recursive: true });
  const unfinished = await mkdtemp(path.join(o.builds, `.${name}-`));
  try {
    // Nobody but its owner could read what `mkdtemp` makes.
    await chmod(unfinished, 0o755);
    await o.build(unfinished);
    // Whoever else built it meanwhile has built the same.
    await rename(unfinished, folder).catch(async (error) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  await removeUnused(o.builds);
  return { folder, fresh: true };
}

async function hashOf(sources: readonly string[], also: string): Promise<string> {
  const files = globSync(sources, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256').update(also);
  for (const file of files)
    hash
      .update(path.relative(root, file))
      .update('\0')
      .update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

async function removeUnused(builds: string): Promise<void> {
  const names = (await readdir(builds)).filter((name) => !name.startsWith('.'));
  const used = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(path.join(builds, name))).mtimeMs })),
  );
  used.sort((a, b) => b.at - a.at);
  for (const { name, at } of used.slice(KEPT)) {
    if (Date.now() - at > KEPT_MS) await rm(path.join(builds, name), { recursive: true, force: true });
  }
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
