import { type Static, Type } from 'typebox';

/** What an account may do. `admin` may do everything, `staff` what its staff role allows (`permissions.ts`). */
export const Role = Type.Union([
  Type.Literal('customer'),
  Type.Literal('seller'),
  Type.Literal('staff'),
  Type.Literal('admin'),
]);
export type Role = Static<typeof Role>;

/**
 * The role of an account as events tell it. Consumers ask whether an account may sell, so `auth` calls a member of staff `seller` who
 * may write in the catalogue, and any other `customer`. A published event type gets no new values: an instance of the version before
 * would refuse it.
 */
export const EventRole = Type.Union([Type.Literal('customer'), Type.Literal('seller'), Type.Literal('admin')]);
export type EventRole = Static<typeof EventRole>;

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
  /** Of `staff`: what it may do. A version that does not know one of them ignores it. */
  permissions: Type.Optional(Type.Array(Type.String())),
  /** Of an API key that may only read. */
  read_only: Type.Optional(Type.Boolean()),
  /** The operator who acts as the account (RFC 8693, section 4.1). */
  act: Type.Optional(Type.Object({ sub: Type.String({ format: 'uuid' }) })),
});
export type AccessClaims = Static<typeof AccessClaims>;
