import { setTimeout as sleep } from 'node:timers/promises';
import { cacheKeyOf } from '../domain/cache-key.ts';
import { fetchFromUpstream } from '../upstream/fetch-from-upstream.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { ExchangeObserver } from '../upstream/upstream-exchange.ts';
import type { CacheOutcome, ResponseCache } from './response-cache.ts';
import type { StoredResponse } from './stored-response.ts';

/** A page that is late is worse than one that has to ask for itself. */
const PAGE_DATA_MS = 700;
const LARGEST_PAGE_DATA = 1024 * 1024;

type Source = { product: Upstream; cache: ResponseCache | undefined; observer: ExchangeObserver };

/** What `product` answers nobody in particular at this path, for a page; undefined where it does not answer in time. */
export async function readCatalogue(path: string, { product, cache, observer }: Source) {
  const key = cache && cacheKeyOf(path);
  if (cache === undefined || key === undefined) return fetchAnswer(path, { product, observer });
  const kept = cache.find(key);
  if (kept !== undefined) return answerOf(kept, 'hit', cache);
  const read = cache.follow(key);
  if (read !== undefined) {
    const shared = await Promise.race([read, sleep(PAGE_DATA_MS, 'late' as const, { ref: false })]);
    if (shared === 'late') return undefined;
    if (shared !== undefined) return answerOf(shared, 'shared', cache);
  }
  return fetchAnswer(path, { product, observer, cache, key });
}

function answerOf({ body }: StoredResponse, outcome: CacheOutcome, cache: ResponseCache) {
  cache.count(outcome);
  return { status: 200, body: body.toString() };
}

async function fetchAnswer(
  path: string,
  { product, observer, cache, key }: Omit<Source, 'cache'> & { cache?: ResponseCache; key?: string },
) {
  const question = { path, headers: [], timeoutMs: PAGE_DATA_MS, maxBytes: LARGEST_PAGE_DATA };
  const answer = await fetchFromUpstream(product, question, observer, (sink) => {
    const flight = key === undefined ? undefined : cache?.lead(key, sink);
    cache?.count(flight === undefined ? 'alone' : 'miss');
    return flight ?? sink;
  }).catch(() => undefined);
  return answer && { status: answer.status, body: answer.body.toString() };
}
