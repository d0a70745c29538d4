import type { ReadyMadeRole } from '@tradepost/contracts/permissions';
import { type Message, type Shopper, type Site, signUp } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import type { Shop } from '../e2e/shop.ts';

/**
 * Who asks. `customer` has bought from `alice` and `bob`, who are sellers; `sven` sells other things, and `stranger` has bought
 * nothing. `packer` to `cataloguer` are staff, one of each ready-made role. `banned` was a seller with a session and an API key when they
 * were banned.
 */
export const names = [
  ...(['customer', 'stranger', 'alice', 'bob', 'sven'] as const),
  ...(['packer', 'support', 'bookkeeper', 'cataloguer', 'admin', 'banned'] as const),
] as const;
export type Name = (typeof names)[number];

export type Person = Shopper & { id: string; name: string; apiKeyId: string; apiKey: string; sessionId: string };
export type People = Record<Name, Person>;

/** How somebody shows who they are. An API key may do what its account may, so one line of the table holds for both. */
export type Asker = { who: Name | 'anonymous'; by: 'session' | 'key' | 'nothing'; headers: Record<string, string> };

const roles: Partial<Record<Name, string>> = {
  ...{ alice: 'seller', bob: 'seller', sven: 'seller', banned: 'seller', admin: 'admin' },
};

export async function signEverybodyUp(shop: Shop): Promise<People> {
  const people: [Name, Person][] = [];
  for (const name of names) people.push([name, await enrol(shop, name)]);
  // as: it has a person for each name.
  return Object.fromEntries(people) as People;
}

const staffRoles: Partial<Record<Name, ReadyMadeRole>> = {
  ...{ packer: 'packer', support: 'support', bookkeeper: 'bookkeeper', cataloguer: 'catalogue-manager' },
};

async function enrol(shop: Shop, name: Name): Promise<Person> {
  const shopper = await signUpAt(shop.site);
  const staffRole = staffRoles[name];
  const role = staffRole === undefined ? (roles[name] ?? 'customer') : 'staff';
  await shop.databases.auth.pool.query({
    text: 'update user_account set role = $2, ready_made_role = $3 where email = $1',
    values: [shopper.email, role, staffRole ?? null],
  });
  const label = `Name-of-${name}`;
  await shopper.call('POST', '/api/v1/auth/update-user', { body: { name: label } });
  const key = await shopper.call('POST', '/api/v1/auth/api-keys', { body: { name: `Key-of-${name}` } });
  const { body } = await shopper.call('GET', '/api/v1/auth/get-session');
  const ids = { id: body.user.id, sessionId: body.session.id, apiKeyId: key.body.id, apiKey: key.body.key };
  return { ...shopper, ...ids, name: label };
}

const signUpAt = (site: Site): Promise<Shopper> => until(() => signUp(site), { what: 'signing up' });

export const askersOf = (people: People): Asker[] => [
  { who: 'anonymous', by: 'nothing', headers: {} },
  ...names.flatMap((who): Asker[] => [
    { who, by: 'session', headers: { authorization: `Bearer ${people[who].token}` } },
    { who, by: 'key', headers: { authorization: `Bearer ${people[who].apiKey}` } },
  ]),
];

export const withKey = (key: string, o: Message = {}): Message => ({
  ...o,
  headers: { 'idempotency-key': key, ...o.headers },
});
