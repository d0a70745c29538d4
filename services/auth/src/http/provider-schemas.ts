import { Id, Time } from '@tradepost/contracts/shapes';
import { type Static, Type } from 'typebox';
import type { Identity as StoredIdentity } from '../store/identities.ts';

const closed = { additionalProperties: false };
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
const ProviderId = Type.String({ pattern: '^[a-z][a-z0-9-]{0,30}$', examples: ['google'] });

export const BeginSignIn = Type.Object({ provider: ProviderId }, closed);
export const BeginConnecting = Type.Object(
  { provider: ProviderId, currentPassword: Type.String({ minLength: 1, maxLength: 1024, format: 'password' }) },
  closed,
);
/** What the provider has put into the address of the page, and which provider that was. */
export const ProviderAnswer = Type.Object(
  {
    provider: ProviderId,
    state: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
    code: Type.String({ pattern: '^[\\x20-\\x7e]{1,2048}$' }),
    iss: Type.Optional(
      Type.String({
        pattern: '^https?://[\\x21-\\x7e]{1,400}$',
        description: 'Who answers, if the provider says so (RFC 9207)',
      }),
    ),
  },
  closed,
);

export const Providers = Type.Object({
  items: Type.Array(Type.Object({ id: ProviderId, name: Type.String() })),
});
export const Begun = Type.Object({
  url: Type.String({ description: 'Where the browser goes. It comes back to the page `/sign-in/provider`.' }),
});
export const Identity = Type.Object({
  id: Id,
  provider: nullable(
    Type.Unsafe<string>({ ...ProviderId, description: 'Null: the shop does not offer this provider any more' }),
  ),
  issuer: Type.String(),
  email: nullable(Type.String({ description: 'What the provider said when it was connected' })),
  createdAt: Time,
  lastUsedAt: nullable(Time),
});
export const Identities = Type.Object({
  items: Type.Array(Identity),
  hasPassword: Type.Boolean({ description: 'Whether the account can also sign in by a password' }),
});

export function identityView(
  { id, issuer, email, createdAt, lastUsedAt }: StoredIdentity,
  providers: readonly { id: string; issuer: string }[],
): Static<typeof Identity> {
  const provider = providers.find((one) => one.issuer === issuer)?.id ?? null;
  return {
    id,
    provider,
    issuer,
    email,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
