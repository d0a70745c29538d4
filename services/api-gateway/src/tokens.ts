import { REVOCATIONS_PATH } from '@tradepost/contracts/revocations';
import { jwksStore } from '@tradepost/runtime/jwks-store';
import type { ServiceContext } from '@tradepost/runtime/service';
import { createTokenVerifier, type TokenVerifier } from '@tradepost/runtime/token-verifier';
import { RevocationList, type RevocationListOptions } from './actions/revocations.ts';
import { TokenCache } from './actions/token-cache.ts';
import { checkAccessToken, exchangeCredential } from './actions/token-exchange.ts';
import type { Settings } from './config.ts';
import type { GatewayMetrics } from './http/metrics.ts';
import { fetchFromUpstream } from './upstream/fetch-from-upstream.ts';
import type { Upstream } from './upstream/upstream.ts';

type Context = ServiceContext<Settings>;

const LARGEST_LIST = 8 * 1024 * 1024;

/** Fetches the keys over whichever address of `auth` answers. */
export function createVerifier({ pool, log }: Context, auth: Upstream, observer: GatewayMetrics): TokenVerifier {
  const path = '/api/v1/auth/jwks';
  return createTokenVerifier({
    jwksUrl: path,
    fetchJwks: async () => {
      const { status, body } = await fetchFromUpstream(
        auth,
        { path, headers: [], timeoutMs: 3_000, maxBytes: 256 * 1024 },
        observer,
      );
      if (status !== 200) throw new Error(`auth answered ${status} instead of its keys`);
      return body.toString();
    },
    ...jwksStore(pool),
    log,
  });
}

/** The access tokens that stand for credentials, exchanged with `auth`. */
export function createTokens(
  { settings: s, log }: Context,
  o: { auth: Upstream; verifier: TokenVerifier; metrics: GatewayMetrics },
): TokenCache {
  return new TokenCache({
    exchange: (credential) =>
      exchangeCredential(o.auth, credential, {
        observer: o.metrics,
        timeoutMs: s.UPSTREAM_TIMEOUT_MS,
        now: Date.now(),
      }),
    verify: (token) => checkAccessToken((one) => o.verifier.verify(one), token),
    max: s.TOKEN_CACHE_ENTRIES,
    now: Date.now,
    onLookup: o.metrics.looked,
    onProblem: (err) => log.debug({ err }, 'an access token could not be refreshed'),
  });
}

/** Reads the revocations of the last hour from `auth`. */
export function createRevocationList(
  auth: Upstream,
  observer: GatewayMetrics,
  revoke: RevocationListOptions['revoke'],
): RevocationList {
  const question = { path: REVOCATIONS_PATH, headers: [], timeoutMs: 3_000, maxBytes: LARGEST_LIST };
  return new RevocationList({
    revoke,
    fetch: async () => {
      const { status, body } = await fetchFromUpstream(auth, question, observer);
      if (status !== 200) throw new Error(`auth answered ${status} instead of its revocations`);
      return body.toString();
    },
  });
}
