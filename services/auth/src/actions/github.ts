import { ProblemError } from '@tradepost/contracts/problem-error';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { claimsOf, type ProviderClaims } from '../domain/provider-claims.ts';
import { GITHUB_ISSUER } from '../domain/providers.ts';

/** GitHub signs people in by OAuth 2.0 without an ID token: who it is, is asked for. */
export const githubMetadata = {
  issuer: GITHUB_ISSUER,
  authorization_endpoint: `${GITHUB_ISSUER}/login/oauth/authorize`,
  token_endpoint: `${GITHUB_ISSUER}/login/oauth/access_token`,
  token_endpoint_auth_methods_supported: ['client_secret_post'],
};

const API = 'https://api.github.com';
const user = Compile(Type.Object({ id: Type.Integer(), name: Type.Union([Type.String(), Type.Null()]) }));
const emails = Compile(
  Type.Array(Type.Object({ email: Type.String(), primary: Type.Boolean(), verified: Type.Boolean() })),
);

/** The number of the account, which never changes, and its primary address. Source: https://docs.github.com/en/rest/users */
export async function fetchGithubClaims(token: string, timeoutMs: number, api = API): Promise<ProviderClaims> {
  const ask = async (path: string): Promise<unknown> => {
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      'user-agent': 'tradepost',
    };
    const response = await fetch(`${api}${path}`, { headers, signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new Error(`GitHub answered ${response.status}`);
    return response.json();
  };
  const [person, addresses] = await Promise.all([ask('/user'), ask('/user/emails')]);
  if (!user.Check(person) || !emails.Check(addresses))
    throw new ProblemError('provider_unavailable', 'GitHub answered something else');
  const primary = addresses.find((address) => address.primary);
  const said = {
    sub: String(person.id),
    email: primary?.email,
    verified: primary?.verified ?? false,
    name: person.name,
  };
  return claimsOf({ emailsAreVerified: false }, said);
}
