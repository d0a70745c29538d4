import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { folderOf } from '../../k8s/secret-files.ts';

type Users = { users: { name: string; password_hash: string }[] };

/** Reads the secrets of dev below this folder, as databases, broker and services would. */
export function writtenSecrets(k8s: string) {
  const read = (part: 'base' | 'db', name: string) => readFileSync(path.join(folderOf(k8s, 'dev', part), name), 'utf8');
  const env = (part: 'base' | 'db', name: string): Record<string, string> =>
    Object.fromEntries(
      read(part, `${name}.env`)
        .trim()
        .split('\n')
        .map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]),
    );
  const brokerAccepts = (url: string): boolean => {
    const { username, password } = new URL(url);
    const { users }: Users = JSON.parse(read('db', 'definitions.json'));
    const stored = Buffer.from(users.find(({ name }) => name === username)?.password_hash ?? '', 'base64');
    const hash = createHash('sha256').update(stored.subarray(0, 4)).update(password).digest();
    return stored.subarray(4).equals(hash);
  };
  /** Whether the roles that the Job makes let this one in. */
  const databaseAccepts = (service: string, url: string): boolean => {
    const { username, password } = new URL(url);
    const colour = username.replace('app_', '');
    const roles = env('db', `${service}-db`);
    return roles[`${colour.toUpperCase()}_PASSWORD`] === password && roles.RETIRED !== colour;
  };
  const logins = (service: string) => ({
    database: env('base', service).DATABASE_URL ?? '',
    broker: env('base', service).BROKER_URL ?? '',
  });
  const signing = () => {
    const { AUTH_SECRET, AUTH_PREVIOUS_SECRETS } = env('base', 'auth');
    return { signs: AUTH_SECRET ?? '', believed: (AUTH_PREVIOUS_SECRETS ?? '').split(',').filter(Boolean) };
  };
  return { env, brokerAccepts, databaseAccepts, logins, signing };
}

export type WrittenSecrets = ReturnType<typeof writtenSecrets>;
