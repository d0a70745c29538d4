import { eventData } from '@tradepost/contracts/events';
import { topology } from '@tradepost/contracts/topology';
import { expect, test } from 'vitest';
import { asyncApiDocument } from './asyncapi.ts';

const document = asyncApiDocument({ version: '1.2.3' });
// As a client would get it.
const json = JSON.parse(JSON.stringify(document));

function resolve(reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .reduce((node: unknown, key) => (node as Record<string, unknown> | undefined)?.[key], json);
}

test('every event has a channel, a message with its schema, and one sender', () => {
  const addresses = Object.values(json.channels).map((channel) => (channel as { address: string }).address);
  expect(addresses.sort()).toEqual(Object.keys(eventData).sort());
  const senders = Object.values<{ action: string }>(json.operations).filter(({ action }) => action === 'send');
  expect(senders).toHaveLength(addresses.length);
  expect(json.components.schemas.order_placed_v1.required).toContain('total');
});

test('there is an operation for each subscription in the topology', () => {
  const wanted = Object.entries(topology).flatMap(([service, { queue = [], broadcast = [] }]) =>
    [...queue, ...broadcast].map((type) => `${service} ${type}`),
  );
  const receiving = Object.values<{ action: string; channel: { $ref: string }; tags: { name: string }[] }>(
    json.operations,
  ).filter(({ action }) => action === 'receive');
  const found = receiving.map(
    (one) => `${one.tags[0]?.name} ${(resolve(one.channel.$ref) as { address: string }).address}`,
  );
  expect(found.sort()).toEqual(wanted.sort());
});

test('every reference leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target ?? '');
  expect(references.length).toBeGreaterThan(0);
  expect(references.filter((reference) => resolve(reference) === undefined)).toEqual([]);
});
