import type { Asker, Name } from './people.ts';
import { type AccessFixtures, prices } from './subjects.ts';

/** Something that only some may read: a text wherever it occurs in an answer, or a number that is a value of it. */
export type Secret = { value: string | number; what: string; readers: readonly Name[]; where: 'everywhere' | 'orders' };

/** Whose staff role lets them read orders, accounts and the catalogue; an admin reads all. */
const orderReaders: readonly Name[] = ['packer', 'support', 'bookkeeper', 'admin'];
const accountReaders: readonly Name[] = ['support', 'admin'];
const catalogueReaders: readonly Name[] = ['cataloguer', 'admin'];

const customers: readonly Name[] = ['customer', ...orderReaders];

/** What of the fixtures belongs to whom. */
export function secretsOf({ people, goods, orders, cart, address }: AccessFixtures): Secret[] {
  const secrets: Secret[] = [];
  const add = (what: string, readers: readonly Name[], ...values: (string | number)[]) => {
    for (const value of values) secrets.push({ value, what, readers, where: 'everywhere' });
  };
  const addInOrders = (what: string, readers: readonly Name[], ...values: (string | number)[]) => {
    for (const value of values) secrets.push({ value, what, readers, where: 'orders' });
  };
  for (const [name, person] of Object.entries(people)) {
    // as: the keys of `people` are names.
    const self = name as Name;
    add(`account of ${name}`, [self, ...accountReaders], person.email, person.name, person.sessionId);
    add(`API key of ${name}`, [self], person.apiKey, person.apiKeyId, `Key-of-${name}`);
    add(`session of ${name}`, [self], person.token);
  }
  add('account id of the stranger', ['stranger', ...accountReaders], people.stranger.id);
  add('reason of the ban', ['banned', ...accountReaders], 'Ban-reason');
  const all: readonly Name[] = ['alice', 'bob', ...customers];
  add('address and notes', all, 'Receiver Secretname', '4711 Secret Row', 'Note-to-packer', 'Gift-note');
  add('who is billed', customers, 'Payer Secretname', '0815 Billing Row', 'Secret Company', 'DE136695976');
  add('saved address', ['customer'], 'Saved Secret Street', address);
  add('cart and account id of the customer', customers, cart, people.customer.id);
  add('order of both', all, orders.mixed);
  add('amounts of the whole order', customers, 2 * (prices.alice + prices.bob), 4322, 1771 + 4321 + 4322);
  add('refund by the operator', customers, 'Goodwill-of-operator');
  add('stock of sven', ['sven', ...catalogueReaders], 'Adjustment-by-sven');
  for (const seller of ['alice', 'bob'] as const) {
    const readers: Name[] = [seller, ...customers];
    add(`order of ${seller}`, readers, orders[`${seller}s`]);
    add(`parcel of ${seller}`, readers, `Carrier-of-${seller}`, `Tracking-of-${seller}`);
    add(
      `refund and return by ${seller}`,
      readers,
      `Refund-reason-of-${seller}`,
      `Return-reason-of-${seller}`,
      seller === 'alice' ? 1771 : 4321,
    );
    add(`stock of ${seller}`, [seller, ...catalogueReaders], `Adjustment-by-${seller}`);
    addInOrders(`lines of ${seller}`, readers, goods[seller].sku, goods[seller].title, goods[seller].productId);
    addInOrders(`amounts of ${seller}`, readers, prices[seller], 2 * prices[seller]);
    addInOrders(`account id of ${seller}`, readers, people[seller].id);
  }
  return secrets;
}

/** The secrets that an answer tells to somebody who is not to read them. What they have sent themselves is no secret to them. */
export function leaks(
  secrets: readonly Secret[],
  { asker, path, sent, answer }: { asker: Asker; path: string; sent: string; answer: unknown },
): string[] {
  const isAboutOrders = /^\/api\/v1\/(orders|carts)/.test(path);
  const { texts, numbers } = valuesOf(answer);
  return secrets
    .filter(({ readers }) => !readers.some((reader) => reader === asker.who))
    .filter(({ where }) => where === 'everywhere' || isAboutOrders)
    .filter(({ value }) => !sent.includes(String(value)))
    .filter(({ value }) =>
      typeof value === 'number' ? numbers.has(value) : texts.some((text) => text.includes(value)),
    )
    .map(({ what, value }) => `${what}: ${value}`);
}

/** All texts and numbers of an answer, however deep. A text of JSON, as in a stream of events, is read as such. */
function valuesOf(answer: unknown): { texts: string[]; numbers: Set<number> } {
  const texts: string[] = [];
  const numbers = new Set<number>();
  const walk = (value: unknown): void => {
    if (typeof value === 'number') numbers.add(value);
    else if (typeof value === 'string') {
      texts.push(value);
      for (const [, json] of value.matchAll(/^data: (\{.*\})$/gm)) walk(JSON.parse(json ?? 'null'));
    } else if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        texts.push(key);
        walk(inner);
      }
    }
  };
  walk(answer);
  return { texts, numbers };
}
