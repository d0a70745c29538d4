import { randomBytes } from 'node:crypto';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { readCookie } from '@tradepost/runtime/credentials';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { providerCounts } from '../domain/attempts.ts';
import { providerCookie, setSessionCookie, tokenInCookie } from '../domain/cookies.ts';
import type { ProviderClaims } from '../domain/provider-claims.ts';
import type { Provider } from '../domain/providers.ts';
import { type Challenge, consumeChallenge, issueChallenge } from '../store/challenges.ts';
import { countAttempt } from './attempts.ts';
import type { Context, Requester } from './context.ts';
import { challengeNotValid } from './second-step.ts';

/** How long somebody may take at the provider. */
const SECONDS = 600;

/**
 * What is kept while the browser is at the provider, as the value of a challenge. Its token is `state`, and the secret in the cookie is part
 * of its hash: only the browser that began can finish, once (RFC 9700, sections 2.1 and 4.7).
 */
const PendingFlow = Type.Object({
  provider: Type.String(),
  nonce: Type.String(),
  verifier: Type.String(),
  /** Who connects the provider to their account, in which session; without it somebody signs in. */
  session: Type.Optional(Type.String()),
});
const pendingFlowSchema = Compile(PendingFlow);

const challengeOf = (secret: string, token: string): Challenge => ({ purpose: 'provider', client: secret, token });

/** What the browser comes back with. */
export type ProviderAnswer = { provider: string; state: string; code: string; iss?: string | undefined };

export function providerById(ctx: Context, id: string): Provider {
  const provider = ctx.providers.find((one) => one.id === id);
  if (!provider) throw new ProblemError('not_found', 'There is no such sign-in provider');
  return provider;
}

/** Begins: gives the address at the provider and the cookie of this browser. */
export async function beginAtProvider(
  ctx: Context,
  requester: Requester,
  o: { provider: string; session?: string },
): Promise<{ url: string; setCookie: string[] }> {
  const provider = providerById(ctx, o.provider);
  await countAttempt(ctx.pool, providerCounts(requester.address, ctx.passwordLimits), 'Too many sign-ins were begun');
  const secret = randomBytes(32).toString('hex');
  const nonce = randomBytes(32).toString('base64url');
  const verifier = await ctx.providerClient.newVerifier();
  const begun: Static<typeof PendingFlow> = {
    provider: provider.id,
    nonce,
    verifier,
    ...(o.session && { session: o.session }),
  };
  const { token: state } = await issueChallenge(ctx.pool, {
    ...challengeOf(secret, ''),
    subject: JSON.stringify(begun),
    seconds: SECONDS,
  });
  const url = await ctx.providerClient.authorizationUrl(provider, {
    state,
    nonce,
    verifier,
    redirectUri: redirectUri(ctx),
  });
  return { url, setCookie: [setSessionCookie(providerCookie(ctx.cookie, SECONDS), secret, ctx.secrets[0])] };
}

/** Finishes: who it is, by the code. What was begun is used up, also when that fails. */
export async function finishAtProvider(
  ctx: Context,
  requester: Requester,
  answer: ProviderAnswer,
  session?: string,
): Promise<{ provider: Provider; claims: ProviderClaims }> {
  const cookie = readCookie(requester.cookie, providerCookie(ctx.cookie, SECONDS).name);
  const secret = cookie === undefined ? undefined : tokenInCookie(cookie, ctx.secrets);
  const kept = secret && (await consumeChallenge(ctx.pool, challengeOf(secret, answer.state)));
  const begun: unknown = kept ? JSON.parse(kept) : undefined;
  if (!pendingFlowSchema.Check(begun) || begun.provider !== answer.provider || begun.session !== session)
    throw challengeNotValid();
  const provider = providerById(ctx, begun.provider);
  const expected = { ...begun, state: answer.state, redirectUri: redirectUri(ctx) };
  return { provider, claims: await ctx.providerClient.exchange(provider, expected, answer) };
}

/** The page that providers send the browser back to; it is registered there. */
const redirectUri = (ctx: Context): string => `${ctx.relyingParty.origin}/sign-in/provider`;
