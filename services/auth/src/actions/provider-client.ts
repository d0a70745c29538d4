import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Configuration } from 'openid-client';
import { claimsOf, type ProviderClaims } from '../domain/provider-claims.ts';
import { GITHUB_ISSUER, type Provider } from '../domain/providers.ts';
import { fetchGithubClaims, githubMetadata } from './github.ts';

/** The library of OpenID Connect, loaded with the first sign-in by a provider. */
const loadOpenId = () => import('openid-client');

const TIMEOUT_SECONDS = 5;
const DISCOVERY_MS = 3_600_000;

/** What a sign-in is begun with, and finished. */
export type ExpectedCallback = { state: string; nonce: string; verifier: string; redirectUri: string };

export type ProviderClient = {
  /** Where the browser goes. */
  authorizationUrl(provider: Provider, expected: ExpectedCallback): Promise<string>;
  newVerifier(): Promise<string>;
  /** Exchanges the code for who it is of. Throws `provider_refused` or `provider_unavailable`. */
  exchange(
    provider: Provider,
    expected: ExpectedCallback,
    answer: { code: string; iss?: string | undefined },
  ): Promise<ProviderClaims>;
};

/** Asks providers; what a provider says of itself is kept for an hour. */
export function createProviderClient(now: () => Date): ProviderClient {
  const known = new Map<string, { configuration: Promise<Configuration>; until: number }>();
  const configurationOf = (provider: Provider): Promise<Configuration> => {
    const kept = known.get(provider.id);
    if (kept && kept.until > now().getTime()) return kept.configuration;
    const configuration = discover(provider).catch((err: unknown) => {
      known.delete(provider.id);
      throw err;
    });
    known.set(provider.id, { configuration, until: now().getTime() + DISCOVERY_MS });
    return configuration;
  };
  return {
    newVerifier: async () => (await loadOpenId()).randomPKCECodeVerifier(),
    authorizationUrl: (provider, expected) =>
      explained(provider, async () => {
        const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await loadOpenId();
        const parameters = {
          redirect_uri: expected.redirectUri,
          scope: provider.issuer === GITHUB_ISSUER ? 'read:user user:email' : 'openid email profile',
          state: expected.state,
          code_challenge: await calculatePKCECodeChallenge(expected.verifier),
          code_challenge_method: 'S256',
          ...(provider.issuer !== GITHUB_ISSUER && { nonce: expected.nonce }),
        };
        return buildAuthorizationUrl(await configurationOf(provider), parameters).href;
      }),
    exchange: (provider, expected, answer) =>
      explained(provider, async () => exchangeCode(await configurationOf(provider), provider, expected, answer)),
  };
}

async function discover(provider: Provider): Promise<Configuration> {
  const { allowInsecureRequests, ClientSecretBasic, ClientSecretPost, Configuration, discovery } = await loadOpenId();
  const { issuer, clientId, clientSecret } = provider;
  const isLocal = issuer.startsWith('http:');
  const execute = isLocal ? [allowInsecureRequests] : [];
  const metadata =
    issuer === GITHUB_ISSUER
      ? githubMetadata
      : (
          await discovery(new URL(issuer), clientId, clientSecret, undefined, { execute, timeout: TIMEOUT_SECONDS })
        ).serverMetadata();
  // Basic is what it is where nothing is said; but some decode it wrongly, so the other one is taken where it is known.
  const byBody = metadata.token_endpoint_auth_methods_supported?.includes('client_secret_post') ?? false;
  const authentication = byBody ? ClientSecretPost(clientSecret) : ClientSecretBasic(clientSecret);
  const configuration = new Configuration(metadata, clientId, clientSecret, authentication);
  configuration.timeout = TIMEOUT_SECONDS;
  if (isLocal) allowInsecureRequests(configuration);
  return configuration;
}

async function exchangeCode(
  configuration: Configuration,
  provider: Provider,
  { state, nonce, verifier, redirectUri }: ExpectedCallback,
  { code, iss }: { code: string; iss?: string | undefined },
): Promise<ProviderClaims> {
  const { authorizationCodeGrant, fetchUserInfo } = await loadOpenId();
  const url = new URL(redirectUri);
  url.search = String(new URLSearchParams({ code, state, ...(iss !== undefined && { iss }) }));
  const checks = { expectedState: state, pkceCodeVerifier: verifier };
  if (provider.issuer === GITHUB_ISSUER) {
    const tokens = await authorizationCodeGrant(configuration, url, checks);
    return fetchGithubClaims(tokens.access_token, TIMEOUT_SECONDS * 1000);
  }
  const oidc = { ...checks, expectedNonce: nonce, idTokenExpected: true };
  const tokens = await authorizationCodeGrant(configuration, url, oidc);
  const claims = tokens.claims();
  if (!claims) throw new Error('There is no ID token');
  const isToAsk = claims.email === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined;
  const person = isToAsk ? await fetchUserInfo(configuration, tokens.access_token, claims.sub) : claims;
  return claimsOf(provider, {
    sub: claims.sub,
    email: person.email,
    verified: person.email_verified,
    name: person.name,
  });
}

/** Throws what the library throws as a problem: whether the provider does not answer, or does not accept. */
async function explained<T>({ name }: Provider, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    if (await isErrorResponse(cause)) {
      throw new ProblemError('provider_refused', `${name} has not confirmed this sign-in: begin again`, { cause });
    }
    throw new ProblemError('provider_unavailable', `${name} does not answer as it should: try again later`, { cause });
  }
}

/** Codes of `ClientError` for an answer that came, and is not acceptable. */
const ERROR_RESPONSES = /^OAUTH_(INVALID_RESPONSE|JWT_.*|RESPONSE_BODY_ERROR|AUTHORIZATION_RESPONSE_ERROR|MISSING_.*)$/;

async function isErrorResponse(err: unknown): Promise<boolean> {
  const { AuthorizationResponseError, ClientError, ResponseBodyError } = await loadOpenId();
  if (err instanceof ResponseBodyError) return err.status < 500;
  if (err instanceof AuthorizationResponseError) return true;
  return err instanceof ClientError && ERROR_RESPONSES.test(err.code ?? '');
}
