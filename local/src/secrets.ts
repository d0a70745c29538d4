import { randomBytes } from 'node:crypto';
import { readJson, writeWhole } from './data-folder.ts';

/** What the services of this data folder must keep to themselves, as settings. */
export type Secrets = { AUTH_SECRET: string };

/** Reads the secrets of a data folder, or makes them up the first time, for its owner's eyes only. */
export async function keepSecrets(file: string): Promise<Secrets> {
  const kept = await readJson(file);
  if (typeof kept?.AUTH_SECRET === 'string') return { AUTH_SECRET: kept.AUTH_SECRET };
  const secrets: Secrets = { AUTH_SECRET: randomBytes(32).toString('base64url') };
  await writeWhole(file, `${JSON.stringify(secrets)}\n`, 0o600);
  return secrets;
}
