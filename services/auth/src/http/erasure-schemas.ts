import { erasingServices, KeptData } from '@tradepost/contracts/erasure';
import { Id, Time } from '@tradepost/contracts/shapes';
import { StringEnum } from '@tradepost/runtime/schema';
import { type Static, Type } from 'typebox';
import type * as store from '../store/erasures.ts';
import { Code, Email } from './schemas.ts';

export const EraseOwnAccount = Type.Object(
  {
    currentPassword: Type.String({ minLength: 1, maxLength: 1024, format: 'password' }),
    code: Type.Optional(
      Type.Unsafe<string>({
        ...Code,
        description:
          'Required where the account has a second factor: a code of the authenticator app, or a recovery code',
      }),
    ),
  },
  { additionalProperties: false },
);

export const EraseGuest = Type.Object({ email: Email }, { additionalProperties: false });

const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);

export const Erasure = Type.Object({
  id: Id,
  accountId: Type.Unsafe<string>({ ...Id, description: 'Of a guest, an id made of the e-mail address' }),
  guest: Type.Boolean({ description: 'An e-mail address without an account was erased' }),
  requestedBy: Type.Unsafe<string>({ ...Id, description: 'The account itself, or the operator who did it' }),
  requestedAt: Time,
  services: Type.Array(
    Type.Object({
      service: StringEnum([...erasingServices]),
      confirmedAt: orNull(Type.Unsafe<string>({ ...Time, description: 'Null: it has not confirmed yet' })),
      kept: Type.Array(KeptData, { description: 'What it still holds' }),
      completeAfter: orNull(Type.Unsafe<string>({ ...Time, description: 'When the last of it will be removed' })),
    }),
  ),
});

export function erasureView(erasure: store.Erasure): Static<typeof Erasure> {
  const { id, accountId, guest, requestedBy, requestedAt, parts } = erasure;
  return { id, accountId, guest, requestedBy, requestedAt: requestedAt.toISOString(), services: parts };
}
