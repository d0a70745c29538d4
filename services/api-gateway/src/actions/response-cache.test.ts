import type { Dispatcher } from 'undici';
import { describe, expect, it } from 'vitest';
import type { Sink } from '../upstream/upstream-exchange.ts';
import { ResponseCache } from './response-cache.ts';

// as: the cache passes it on and does not use it.
const flow = {} as Dispatcher.DispatchController;

function create() {
  const state = { now: 0 };
  const observer = { cacheUsed: () => undefined, cacheEvicted: () => undefined };
  const cache = new ResponseCache({ maxEntries: 100, maxBytes: 1e6, observer, clock: () => state.now });
  const told: unknown[] = [];
  const leader: Sink = {
    head: (status) => void told.push(status),
    data: (chunk) => told.push(chunk.toString()) > 0,
    end: () => void told.push('end'),
    fail: ({ stage }) => void told.push(stage),
  };
  const lead = () => {
    const flight = cache.lead('k', leader);
    if (flight === undefined) throw new Error('not shared');
    return flight;
  };
  return { state, cache, told, leader, lead };
}

const headers = (maxAge: number, age: number) => ({
  'content-length': '1',
  'x-tradepost-cache-control': `max-age-ms=${maxAge}, age-ms=${age}`,
});

function answer(sink: Sink, of: ReturnType<typeof headers>, text = 'x'): void {
  sink.head(200, of, flow);
  sink.data(Buffer.from(text));
  sink.end();
}

describe('the response cache', () => {
  it('counts the age of an answer from the request on, and the age that it had before', () => {
    const { state, cache, lead } = create();
    const flight = lead();
    state.now = 200;
    answer(flight, headers(1000, 300));
    state.now = 699;
    expect(cache.find('k')?.body.toString()).toBe('x');
    state.now = 700;
    expect(cache.find('k')).toBeUndefined();
  });

  it('gives nobody who waited an answer that has become too old meanwhile', async () => {
    const { state, cache, lead, told } = create();
    const flight = lead();
    const follower = cache.follow('k');
    state.now = 600;
    answer(flight, headers(1000, 400));
    expect(await follower).toBeUndefined();
    expect(told).toEqual([200, 'x', 'end']);
    expect(cache.size).toBe(0);
  });

  it('has nobody wait for a read that takes longer than a second', () => {
    const { state, cache, lead } = create();
    lead();
    state.now = 999;
    expect(cache.follow('k')).toBeDefined();
    state.now = 1000;
    expect(cache.follow('k')).toBeUndefined();
  });

  it('does not keep what was read before a change, or what a later read overtook', () => {
    const { cache, lead } = create();
    const changed = lead();
    cache.invalidate('k');
    answer(changed, headers(1000, 0), 'o');
    expect(cache.find('k')).toBeUndefined();
    const overtaken = lead();
    answer(lead(), headers(1000, 0), 'n');
    answer(overtaken, headers(1000, 0), 'o');
    expect(cache.find('k')?.body.toString()).toBe('n');
  });

  it('stops sharing for a second what its service does not allow to share, and not because a client left', () => {
    const { state, cache, leader, lead } = create();
    lead().fail({ stage: 'broken', retryAfter: 1 });
    lead().head(404, {}, flow);
    lead().head(200, {}, flow);
    expect(cache.lead('k', leader)).toBeUndefined();
    state.now = 1000;
    expect(cache.lead('k', leader)).toBeDefined();
  });

  it('lets the read go on without its leader while somebody waits for it', async () => {
    const { cache, lead, told } = create();
    const flight = lead();
    const follower = cache.follow('k');
    let aborted = false;
    const abort = () => {
      aborted = true;
    };
    flight.leaderLeft(abort);
    answer(flight, headers(1000, 0));
    expect((await follower)?.body.toString()).toBe('x');
    expect([aborted, told]).toEqual([false, []]);
    const other = lead();
    void cache.follow('k');
    other.leaderLeft(abort);
    other.head(404, {}, flow);
    expect([aborted, told]).toEqual([true, []]);
  });

  it('passes on as it comes what is too large or of unknown length', () => {
    const { cache, lead, told } = create();
    const flight = lead();
    flight.head(200, { ...headers(1000, 0), 'content-length': String(256 * 1024 + 1) }, flow);
    expect(told).toEqual([200]);
    flight.data(Buffer.from('part'));
    expect(told).toEqual([200, 'part']);
    expect(cache.find('k')).toBeUndefined();
  });
});
