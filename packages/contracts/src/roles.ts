import { type Static, Type } from 'typebox';

/** What an account may do. `admin` may do everything. */
export const Role = Type.Union([Type.Literal('customer'), Type.Literal('seller'), Type.Literal('admin')]);
export type Role = Static<typeof Role>;

/** The issuer and audience of every access token that `auth` signs and every service checks (RFC 7519). */
export const TOKEN_ISSUER = 'tradepost';
export const TOKEN_AUDIENCE = 'tradepost';

/** The claims of an access token, beyond the registered `iss`, `aud`, `iat` and `exp`. */
export const AccessClaims = Type.Object({
  sub: Type.String({ format: 'uuid', description: 'The account id' }),
  sid: Type.String({ description: 'The id of the session or API key that the token was issued for' }),
  role: Role,
  name: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  /** Missing in tokens of a version of `auth` that does not know it. */
  email_verified: Type.Optional(Type.Boolean()),
});
export type AccessClaims = Static<typeof AccessClaims>;
