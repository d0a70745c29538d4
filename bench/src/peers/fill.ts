import path from 'node:path';
import type { PeerContext } from './peer.ts';

/**
 * Makes the database of a shop and fills it, unless a run with the same folder of databases, size and packages has done so.
 * It has another name until it is full, so that a run that is killed leaves none that looks complete. Returns its name.
 */
export async function fillOnce(
  { infrastructure: { postgres }, catalogue, onProgress }: PeerContext,
  folder: string,
  fill: (database: string) => Promise<void>,
): Promise<string> {
  // The folder is named after the shop and a hash of its packages.
  const name = `peer_${path.basename(folder)}_${catalogue.length}`.replaceAll(/[^a-z0-9]/g, '_');
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
