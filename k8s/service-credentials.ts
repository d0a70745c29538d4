import { randomBytes } from 'node:crypto';
import { type BrokerUser, brokerUser } from './broker-users.ts';
import { type Files, readEnv, writeEnv } from './secret-files.ts';

/** A service has two logins, of which one is in use. */
export type Colour = 'blue' | 'green';

/** Secrets of a service that sign and encrypt: the first is used, the previous are only believed. */
const SIGNING: Record<string, { current: string; previous: string }> = {
  auth: { current: 'AUTH_SECRET', previous: 'AUTH_PREVIOUS_SECRETS' },
};
/** Who shares MAIL_KEY: what the others encrypt in events, `notification` alone decrypts, also with earlier keys. */
const MAIL_KEY = { encrypts: ['auth', 'order'], decrypts: 'notification' };
/** How many earlier ones are kept. */
const KEPT = 3;

export const randomPassword = (): string => randomBytes(32).toString('base64url');
export const otherColour = (colour: Colour): Colour => (colour === 'blue' ? 'green' : 'blue');
const listOf = (text = ''): string[] => text.split(',').filter(Boolean);

/** Gives a service a login of this colour; the other colour's stays as it is, or is made where there is none. */
export function issueLogin(
  files: Files,
  users: Map<string, BrokerUser>,
  { service, colour, environment }: { service: string; colour: Colour; environment: string },
): void {
  const database = readEnv(files.get(`db/${service}-db.env`));
  const passwords = { database: randomPassword(), broker: randomPassword() };
  const [active, idle] = [`${colour.toUpperCase()}_PASSWORD`, `${otherColour(colour).toUpperCase()}_PASSWORD`];
  const before = [database.MANAGER_PASSWORD ?? '', ...listOf(database.MANAGER_PREVIOUS_PASSWORDS)].filter(Boolean);
  files.set(
    `db/${service}-db.env`,
    writeEnv({
      MANAGER_PASSWORD: randomPassword(),
      // Which of them is in the database depends on which Jobs ran.
      MANAGER_PREVIOUS_PASSWORDS: before.slice(0, KEPT).join(),
      [active]: passwords.database,
      [idle]: database[idle] ?? randomPassword(),
      RETIRED: '',
    }),
  );
  users.set(`${service}-${colour}`, brokerUser(`${service}-${colour}`, passwords.broker));
  const own = readEnv(files.get(`base/${service}.env`));
  const secret = SIGNING[service]?.current;
  if (secret !== undefined) own[secret] ??= randomPassword();
  files.set(
    `base/${service}.env`,
    writeEnv({
      ...own,
      DATABASE_URL: `postgres://app_${colour}:${passwords.database}@${service}-db:5432/app`,
      // With the namespace: KEDA asks the broker from its own.
      BROKER_URL: `amqp://${service}-${colour}:${passwords.broker}@rabbitmq.tradepost-${environment}.svc:5672`,
    }),
  );
}

/** Gives those who share MAIL_KEY the one that some of them have, or a new one. */
export function shareMailKey(files: Files, services: readonly string[]): void {
  const shares = [...MAIL_KEY.encrypts, MAIL_KEY.decrypts].filter((service) => services.includes(service));
  const envs = shares.map((service) => readEnv(files.get(`base/${service}.env`)));
  const key = envs.map((env) => env.MAIL_KEY).find((one) => one !== undefined) ?? randomPassword();
  for (const [n, service] of shares.entries()) {
    files.set(`base/${service}.env`, writeEnv({ ...envs[n], MAIL_KEY: envs[n]?.MAIL_KEY ?? key }));
  }
}

/** The reader learns a new key first: an event may be encrypted with it before all pods have rolled. */
export function announceMailKey(files: Files): void {
  const name = `base/${MAIL_KEY.decrypts}.env`;
  const own = readEnv(files.get(name));
  if (own.MAIL_KEY === undefined) return;
  const known = [randomPassword(), ...listOf(own.MAIL_PREVIOUS_KEYS)].slice(0, KEPT + 1);
  files.set(name, writeEnv({ ...own, MAIL_PREVIOUS_KEYS: known.join() }));
}

/** Everybody uses the key that was announced; the reader still knows the one before. */
export function promoteMailKey(files: Files): void {
  const reader = readEnv(files.get(`base/${MAIL_KEY.decrypts}.env`));
  const [next, ...earlier] = listOf(reader.MAIL_PREVIOUS_KEYS);
  if (next === undefined) return;
  const known = [reader.MAIL_KEY ?? '', ...earlier].slice(0, KEPT);
  files.set(`base/${MAIL_KEY.decrypts}.env`, writeEnv({ ...reader, MAIL_KEY: next, MAIL_PREVIOUS_KEYS: known.join() }));
  for (const service of MAIL_KEY.encrypts) {
    const name = `base/${service}.env`;
    files.set(name, writeEnv({ ...readEnv(files.get(name)), MAIL_KEY: next }));
  }
}

/** A new secret is believed first and used later: a pod that has not rolled yet must believe what its neighbour signs. */
export function announceSigningSecret(files: Files, service: string): void {
  const names = SIGNING[service];
  if (!names) return;
  const own = readEnv(files.get(`base/${service}.env`));
  const believed = [randomPassword(), ...listOf(own[names.previous])].slice(0, KEPT + 1);
  files.set(`base/${service}.env`, writeEnv({ ...own, [names.previous]: believed.join() }));
}

/** The secret that was announced signs; the one that did is believed still. */
export function promoteSigningSecret(files: Files, service: string): void {
  const names = SIGNING[service];
  const own = readEnv(files.get(`base/${service}.env`));
  const [next, ...earlier] = listOf(own[names?.previous ?? '']);
  if (!names || next === undefined) return;
  const believed = [own[names.current] ?? '', ...earlier].slice(0, KEPT);
  files.set(`base/${service}.env`, writeEnv({ ...own, [names.current]: next, [names.previous]: believed.join() }));
}

/** Takes the right to sign in from the logins of this colour. */
export function retireLogin(
  files: Files,
  users: Map<string, BrokerUser>,
  o: { service: string; colour: Colour },
): void {
  const name = `db/${o.service}-db.env`;
  files.set(name, writeEnv({ ...readEnv(files.get(name)), RETIRED: o.colour }));
  // Importing definitions removes nobody: the old user gets a password that nobody knows.
  const user = `${o.service}-${o.colour}`;
  if (users.has(user)) users.set(user, brokerUser(user, randomPassword()));
}
