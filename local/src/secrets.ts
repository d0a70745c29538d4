import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { readJson, writeWhole } from './data-folder.ts';
import { StartFailure } from './failure.ts';
import { PASSWORD } from './seed/accounts.ts';

/** What the services of this data folder must keep to themselves, as settings. */
export type Secrets = Record<(typeof names)[number], string>;

const names = ['AUTH_SECRET', 'MAIL_KEY'] as const;

/** Reads the secrets of a data folder, and makes up those that are missing, for its owner's eyes only. */
export async function loadOrCreateSecrets(file: string): Promise<Secrets> {
  const kept = await readJson(file);
  const isKept = (name: string) => typeof kept?.[name] === 'string';
  const secretOf = (name: string) => (isKept(name) ? String(kept?.[name]) : randomBytes(32).toString('base64url'));
  const secrets: Secrets = { AUTH_SECRET: secretOf('AUTH_SECRET'), MAIL_KEY: secretOf('MAIL_KEY') };
  // A folder of an earlier version has fewer.
  if (!names.every(isKept)) await writeWhole(file, `${JSON.stringify(secrets)}\n`, 0o600);
  return secrets;
}

/** The password of all demo accounts of a data folder. */
export type DemoPassword = {
  password: string;
  /** Where it is kept; undefined for the one that everybody knows. */
  file: string | undefined;
  /** It was made up by this start, which is the one that prints it. */
  isNew: boolean;
};

/**
 * The password of the demo accounts: the one that everybody knows where only this machine reaches the shop, and a random
 * one where others do. It is decided before the accounts are made, and kept. A shop whose accounts have the known password
 * is refused where others could reach it: one of them is an admin.
 */
export async function chooseDemoPassword(o: {
  file: string;
  host: string;
  /** The accounts have been made, by a version that kept no file perhaps. */
  isSeeded: boolean;
}): Promise<DemoPassword> {
  const text = await readFile(o.file, 'utf8').catch(() => undefined);
  const kept = text?.trim() || (o.isSeeded ? PASSWORD : undefined);
  if (kept === PASSWORD && !isLoopback(o.host)) {
    throw new StartFailure(
      `HOST is ${o.host}, but the accounts of this shop, an admin among them, have a password that everybody knows.\n` +
        'Start a shop with random passwords: npm start -- --fresh (deletes this one), or TRADEPOST_DATA=<another folder>.',
    );
  }
  if (kept !== undefined) return { password: kept, file: kept === PASSWORD ? undefined : o.file, isNew: false };
  const password = isLoopback(o.host) ? PASSWORD : randomBytes(12).toString('base64url');
  await writeWhole(o.file, `${password}\n`, 0o600);
  return { password, file: password === PASSWORD ? undefined : o.file, isNew: true };
}

/** True for addresses that only programs on this machine reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
