import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** A migration that is misnamed, out of order, changed after it was applied, or that fails. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

export type Migration = {
  /** The file's name: `0001_messaging.sql`. */
  name: string;
  text: string;
  /** SHA-256 of the text, in hex; line endings do not count. */
  checksum: string;
};

const FILE_NAME = /^\d{4}_[a-z0-9]+(_[a-z0-9]+)*\.sql$/;

/** Reads the migrations of a folder, in order. Throws if a `.sql` file (but `schema.sql`) is misnamed or a number is used twice. */
export async function readMigrations(directory: URL): Promise<Migration[]> {
  // A folder's URL may come without its last slash, and a relative name would then replace it.
  const base = new URL(directory.href.endsWith('/') ? directory.href : `${directory.href}/`);
  const names = (await readdir(base)).filter((name) => name.endsWith('.sql') && name !== 'schema.sql').sort();
  const misnamed = names.filter((name) => !FILE_NAME.test(name));
  if (misnamed.length > 0) throw new MigrationError(`Not named like 0001_what_it_does.sql: ${misnamed.join(', ')}`);
  const twice = names.filter((name, i) => names[i - 1]?.slice(0, 4) === name.slice(0, 4));
  if (twice.length > 0) throw new MigrationError(`The number is used already: ${twice.join(', ')}`);
  return Promise.all(
    names.map(async (name) => {
      const text = (await readFile(new URL(name, base), 'utf8')).replaceAll('\r\n', '\n');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/** What is left to apply. Throws unless the applied ones are there as they were, and every other one comes after them. */
export function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly { name: string; checksum: string }[],
): Migration[] {
  const files = new Map(migrations.map((migration) => [migration.name, migration]));
  let last = '';
  for (const { name, checksum } of applied) {
    const file = files.get(name);
    if (!file) throw new MigrationError(`${name} was applied to this database, but its file is missing`);
    if (file.checksum !== checksum) {
      throw new MigrationError(`${name} has been edited after it was applied; write a new migration instead`);
    }
    files.delete(name);
    if (name > last) last = name;
  }
  const late = [...files.keys()].filter((name) => name < last);
  if (late.length > 0)
    throw new MigrationError(`${late.join(', ')} would come before ${last}, which is applied: renumber`);
  return [...files.values()];
}
