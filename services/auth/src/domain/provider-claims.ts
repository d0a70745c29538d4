import { readEmailAddress } from '@tradepost/contracts/email-address';
import { readLine } from '@tradepost/contracts/text';
import type { Provider } from './providers.ts';

/** Who somebody is at a provider. `name` may be empty. */
export type ProviderClaims = { subject: string; email: string | undefined; emailVerified: boolean; name: string };

/** What a provider says is read as what people type: it may be anything. */
export function claimsOf(
  { emailsAreVerified }: Pick<Provider, 'emailsAreVerified'>,
  said: { sub: string; email: unknown; verified: unknown; name: unknown },
): ProviderClaims {
  const address = typeof said.email === 'string' ? readEmailAddress(said.email) : undefined;
  const email = address && 'value' in address ? address.value : undefined;
  const line = typeof said.name === 'string' ? readLine(said.name) : undefined;
  const name = (line && 'value' in line ? line.value : '').slice(0, 100).trim();
  return {
    subject: said.sub,
    email,
    emailVerified:
      email !== undefined && (said.verified === true || (said.verified === undefined && emailsAreVerified)),
    name: name === '' ? (email?.split('@', 1)[0] ?? '') : name,
  };
}
