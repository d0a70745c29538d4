import { createHash, randomBytes } from 'node:crypto';
import type { Files } from './secret-files.ts';

export type BrokerUser = { name: string; password_hash: string; hashing_algorithm: string; tags: string[] };

/** As RabbitMQ stores it: https://www.rabbitmq.com/docs/passwords#this-is-the-algorithm */
export function brokerUser(name: string, secret: string): BrokerUser {
  const salt = randomBytes(4);
  const hash = createHash('sha256').update(salt).update(secret, 'utf8').digest();
  return {
    name,
    password_hash: Buffer.concat([salt, hash]).toString('base64'),
    hashing_algorithm: 'rabbit_password_hashing_sha256',
    tags: [],
  };
}

/** What the broker imports: its users, and what each may touch. */
export function brokerDefinitions(users: Map<string, BrokerUser>): string {
  // Every service declares all of the topology, which is named after Tradepost; nothing else is theirs.
  const ours = '^tradepost(\\..*)?$';
  const permissions = [...users.keys()].map((user) => ({ user, vhost: '/', configure: ours, write: ours, read: ours }));
  return `${JSON.stringify({ users: [...users.values()], vhosts: [{ name: '/' }], permissions }, null, 2)}\n`;
}

/** The users of the definitions that are there. */
export function readUsers(files: Files): Map<string, BrokerUser> {
  const text = files.get('db/definitions.json');
  if (text === undefined) return new Map();
  // as: the file is this program's own.
  const { users } = JSON.parse(text) as { users: BrokerUser[] };
  return new Map(users.map((user) => [user.name, user]));
}
