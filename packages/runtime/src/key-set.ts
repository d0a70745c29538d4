import { createPublicKey, type KeyObject } from 'node:crypto';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Logger } from 'pino';

export type KeySetOptions = {
  /** Where the JSON Web Key Set (RFC 7517) is. */
  jwksUrl: string;
  /** Fetches it, where that takes more than a plain request. */
  fetchJwks?: () => Promise<string>;
  /** The set as it was saved last, for a start while `jwksUrl` is unavailable. */
  load?: () => Promise<string | undefined>;
  /** Saves a set that is new. */
  save?: (jwks: string) => Promise<void>;
  log: Logger;
  /** Milliseconds after which the set is fetched again, in the background; 5 minutes. */
  refreshAfterMs?: number;
  /** Least milliseconds between two fetches, however many unknown keys are asked for; 5 seconds. */
  refetchAfterMs?: number;
};

/** The public keys that access tokens are signed with. */
export type KeySet = {
  /** The key, or undefined if there is none of that id. Throws `unavailable` if the keys cannot be fetched at the moment. */
  find(kid: string): Promise<KeyObject | undefined>;
};

const FETCH_TIMEOUT_MS = 3000;

/**
 * Keeps a key set. It is fetched when it is first needed, and again in the background once it is old and needed, so that
 * an idle service has no timer. A key that is not in it makes it be fetched again at once, but not more often than
 * `refetchAfterMs`. While it cannot be fetched, the last one stays good.
 */
// Long: one cache of keys: fetching, waiting and refusing share its state
export function createKeySet(o: KeySetOptions): KeySet {
  const { refreshAfterMs = 300_000, refetchAfterMs = 5000 } = o;
  let keys = new Map<string, KeyObject>();
  let saved: string | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let reachable = false;
  let fetching: Promise<void> | undefined;
  let loading: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    try {
      saved = await o.load?.();
      if (saved !== undefined && keys.size === 0) keys = parseKeys(saved);
    } catch (err) {
      o.log.warn({ err }, 'the saved keys of access tokens cannot be read; fetching them');
    }
  };

  const fetchKeys = async (): Promise<void> => {
    triedAt = performance.now();
    try {
      const text = await (o.fetchJwks ? o.fetchJwks() : fetchText(o.jwksUrl));
      keys = parseKeys(text);
      reachable = true;
      fetchedAt = performance.now();
      await save(text);
    } catch (err) {
      reachable = false;
      o.log.warn(
        { err, url: o.jwksUrl, keys: keys.size },
        'the keys of access tokens cannot be fetched; the last are kept',
      );
    }
  };

  const save = async (text: string): Promise<void> => {
    if (!o.save || text === saved) return;
    try {
      await o.save(text);
      saved = text;
    } catch (err) {
      o.log.warn({ err }, 'the keys of access tokens cannot be saved; they are kept until this service stops');
    }
  };

  const refresh = (): Promise<void> => {
    fetching ??= fetchKeys().finally(() => {
      fetching = undefined;
    });
    return fetching;
  };

  return {
    async find(kid) {
      loading ??= load();
      await loading;
      const now = performance.now();
      const known = keys.get(kid);
      if (known) {
        const isOld = now - fetchedAt > refreshAfterMs && now - triedAt > refetchAfterMs;
        if (isOld) void refresh();
        return known;
      }
      if (fetching || now - triedAt > refetchAfterMs) await refresh();
      const found = keys.get(kid);
      if (!found && !reachable) throw new ProblemError('unavailable', 'Access tokens cannot be checked at the moment');
      return found;
    },
  };
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), redirect: 'error' });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}

/** The Ed25519 keys of a set, by id; others are none of ours. Throws if it is no key set. */
function parseKeys(text: string): Map<string, KeyObject> {
  const set: unknown = JSON.parse(text);
  if (typeof set !== 'object' || set === null || !('keys' in set) || !Array.isArray(set.keys)) {
    throw new TypeError('It is not a JSON Web Key Set');
  }
  const found = new Map<string, KeyObject>();
  for (const { kty, crv, x, kid, use } of set.keys) {
    if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string' || typeof kid !== 'string') continue;
    if (use !== undefined && use !== 'sig') continue;
    found.set(kid, createPublicKey({ key: { kty, crv, x }, format: 'jwk' }));
  }
  return found;
}
