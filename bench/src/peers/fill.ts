import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PeerContext } from './peer.ts';

/**
 * Makes the database of a shop and fills it, unless a run with the same folder of databases, size, packages and
 * files of the shop has done so.
 * It has another name until it is full, so that a run that is killed leaves none that looks complete. Returns its name.
 */
export async function fillOnce(
  { infrastructure: { postgres }, catalogue, onProgress }: PeerContext,
  folder: string,
  fill: (database: string) => Promise<void>,
): Promise<string> {
  // The folder is named after the shop and a hash of its packages.
  const name = `peer_${path.basename(folder)}_${hashOfFiles(folder)}_${catalogue.length}`.replaceAll('-', '_');
  const { rowCount } = await postgres.run('postgres', `select from pg_database where datname = '${name}'`);
  if (rowCount !== 0) return name;
  const unfinished = `${name}_unfinished`;
  await postgres.drop(unfinished);
  await postgres.create(unfinished);
  onProgress(`filling ${name} with ${catalogue.length} products`);
  await fill(unfinished);
  await postgres.run('postgres', `alter database ${unfinished} rename to ${name}`);
  await postgres.run(name, 'vacuum analyze');
  return name;
}

/** Of the configuration and the programs of a shop. */
function hashOfFiles(folder: string): string {
  const hash = createHash('sha256');
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile()) hash.update(readFileSync(path.join(folder, entry.name)));
  }
  return hash.digest('hex').slice(0, 8);
}
