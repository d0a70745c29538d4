import { afterEach, expect, test } from 'vitest';
import { recordConnectFailure } from '../domain/circuit-breaker.ts';
import { chooseAddress } from './choose-address.ts';
import { closeUpstream, createUpstream, refreshAddresses, type Upstream } from './upstream.ts';

let upstream: Upstream;
afterEach(() => closeUpstream(upstream));

const settings = { name: 'order', connectTimeoutMs: 1000, maxInFlight: 100 } as const;
const origins = () => upstream.addresses.map(({ origin }) => origin);

test('a name stands for all of its addresses, and follows them', async () => {
  let found = ['10.0.0.1', '10.0.0.2'];
  upstream = createUpstream({ ...settings, urls: ['http://order:8080'], resolve: async () => found });
  await refreshAddresses(upstream);
  expect(origins()).toEqual(['http://10.0.0.1:8080', 'http://10.0.0.2:8080']);
  expect(upstream.addresses.map(({ host }) => host)).toEqual(['order:8080', 'order:8080']);
  const [, second] = upstream.addresses;
  found = ['10.0.0.2', 'fd00::3'];
  await refreshAddresses(upstream);
  expect(origins()).toEqual(['http://10.0.0.2:8080', 'http://[fd00::3]:8080']);
  // What stays keeps its connections and what is known of it.
  expect(upstream.addresses[0]).toBe(second);
});

test('a name that cannot be resolved any more keeps its addresses; the others go on changing', async () => {
  let isDown = false;
  const resolve = async (name: string) => {
    if (isDown && name === 'a') throw new Error('ENOTFOUND');
    return name === 'a' ? ['10.0.0.1'] : [isDown ? '10.0.0.3' : '10.0.0.2'];
  };
  upstream = createUpstream({ ...settings, urls: ['http://a:1', 'http://b:2', 'http://127.0.0.1:3/'], resolve });
  expect(await refreshAddresses(upstream)).toEqual([]);
  isDown = true;
  expect(await refreshAddresses(upstream)).toEqual(['a']);
  expect(origins()).toEqual(['http://10.0.0.1:1', 'http://127.0.0.1:3', 'http://10.0.0.3:2']);
});

test('localhost is one service, with any address families', async () => {
  upstream = createUpstream({ ...settings, urls: ['http://localhost:8080'] });
  await refreshAddresses(upstream);
  expect(upstream.addresses).toHaveLength(1);
});

test('the least busy address is chosen, each in its turn, and never one that was tried', async () => {
  const resolve = async () => ['10.0.0.1', '10.0.0.2', '10.0.0.3'];
  upstream = createUpstream({ ...settings, urls: ['http://order'], resolve });
  await refreshAddresses(upstream);
  const choose = (tried: Upstream['addresses'] = []) => chooseAddress(upstream, { tried, idempotent: true, now: 1 });
  expect(new Set([choose(), choose(), choose()]).size).toBe(3);
  const [first, second, third] = upstream.addresses;
  if (!first || !second || !third) throw new Error('There are three');
  first.inFlight = 5;
  second.inFlight = 5;
  for (let i = 0; i < 5; i++) expect(choose()).toBe(third);
  expect([first, second]).toContain(choose([third]));
  expect(choose([first, second, third])).toBeUndefined();
});

test('without another address, requests are sent beside the probe, but not all of them', async () => {
  upstream = createUpstream({ ...settings, urls: ['http://order'], resolve: async () => ['10.0.0.1', '10.0.0.2'] });
  await refreshAddresses(upstream);
  const [first, second] = upstream.addresses;
  if (!first || !second) throw new Error('There are two');
  recordConnectFailure(first.breaker, { sentAt: 1000, now: 1000, isOnly: false });
  const choose = (now: number, tried: Upstream['addresses'] = [], idempotent = true) =>
    chooseAddress(upstream, { tried, idempotent, now });
  expect(choose(1001)).toBe(second);
  recordConnectFailure(second.breaker, { sentAt: 1050, now: 1050, isOnly: false });
  expect(choose(1099, [second])).toBeUndefined();
  expect(choose(1100, [second])).toBe(first);
  expect(first.breaker.probing).toBe(true);
  expect(choose(1101, [second])).toBe(first);
  expect(choose(1101, [second], false)).toBeUndefined();
  first.inFlight = 16;
  expect(choose(1101, [second])).toBeUndefined();
});
