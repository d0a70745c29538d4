import { type Static, Type } from 'typebox';

/** Where `auth` lists the revocations of the last hour, for instances of the gateway; the gateway does not route it. */
export const REVOCATIONS_PATH = '/internal/v1/revocations';

/** Sessions and API keys whose access tokens must be refused, although they may not have expired. */
export const Revocations = Type.Object({
  items: Type.Array(
    Type.Object({
      sessionId: Type.String({ description: 'The `sid` of the access tokens' }),
      accountId: Type.String(),
      revokedAt: Type.String({ format: 'date-time' }),
    }),
  ),
});
export type Revocations = Static<typeof Revocations>;
