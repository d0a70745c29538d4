import { EmailInput, IdInput } from '@tradepost/contracts/input';
import { locales } from '@tradepost/contracts/locales';
import { Id, Time } from '@tradepost/contracts/shapes';
import { StringEnum } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { type Mail, mailStatuses } from '../domain/mail.ts';
import type { Suppression } from '../store/suppressions.ts';

const strict = { additionalProperties: false };
const Limit = Type.Integer({ minimum: 1, maximum: 100, default: 50 });
const Cursor = Type.String({ minLength: 1, maxLength: 2048, description: '`nextCursor` of the page before' });
const NextCursor = Type.Union([Type.String(), Type.Null()]);
const orNull = <T extends typeof Id | typeof Time>(schema: T) => Type.Union([schema, Type.Null()]);

/** An id inside a cursor, whose reader knows patterns but no formats. */
export const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });

export const ById = Type.Object({ id: IdInput });

export const MailQuery = Type.Object(
  {
    orderId: Type.Optional(IdInput),
    accountId: Type.Optional(IdInput),
    to: Type.Optional(EmailInput),
    status: Type.Optional(StringEnum(mailStatuses)),
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
  },
  strict,
);

const summary = {
  id: Id,
  kind: Type.String({ examples: ['order_confirmed'] }),
  status: StringEnum(mailStatuses, {
    description:
      '`waiting_for_address`: the address of the account is not known yet. `kept`: there is no mail server. `suppressed`: nothing is sent to this address. `bounced`: the mail server refused the address',
  }),
  subject: Type.String(),
  locale: StringEnum(locales),
  to: Type.Union([Type.String(), Type.Null()]),
  name: Type.String({ description: 'The name of the recipient; may be empty' }),
  orderId: orNull(Id),
  accountId: orNull(Id),
  createdAt: Time,
  dueAt: Type.Unsafe<string>({
    ...Time,
    description: 'Time of the next attempt; while it is sent, the end of the lease',
  }),
  finishedAt: orNull(Time),
  attempts: Type.Integer({ minimum: 0 }),
  lastProblem: Type.Union([Type.String(), Type.Null()], {
    description: 'Why the last attempt failed',
    examples: ['421 to DATA'],
  }),
  resentFrom: orNull(Id),
};
export const MailSummary = Type.Object(summary);
export const MailDetails = Type.Object({
  ...summary,
  messageId: Type.String(),
  html: Type.String({ description: 'Without links that let somebody in' }),
  text: Type.String(),
});
export const MailPage = Type.Object({ items: Type.Array(MailSummary), nextCursor: NextCursor });

export const IdempotencyKey = Type.Object({
  'Idempotency-Key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      pattern: '^[\\x21-\\x7e]+$',
      description: 'Required. A new random value for each new request, and the same one for a retry',
    }),
  ),
});

export const SuppressionQuery = Type.Object(
  { address: Type.Optional(EmailInput), limit: Type.Optional(Limit), cursor: Type.Optional(Cursor) },
  strict,
);
export const SuppressionPage = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Id,
      address: Type.String(),
      reason: StringEnum(['bounce', 'complaint', 'operator']),
      detail: Type.String({ examples: ['550 5.1.1 to RCPT TO'] }),
      createdAt: Time,
    }),
  ),
  nextCursor: NextCursor,
});

/** A mail as the API answers it. */
export const mailView = (mail: Mail, subject: string) => ({
  ...{ id: mail.id, kind: mail.content.kind, status: mail.status, subject, locale: mail.locale },
  ...{ to: mail.recipient, name: mail.recipientName, orderId: mail.orderId, accountId: mail.accountId },
  createdAt: mail.createdAt.toISOString(),
  dueAt: mail.dueAt.toISOString(),
  finishedAt: mail.finishedAt?.toISOString() ?? null,
  ...{ attempts: mail.attempts, lastProblem: mail.lastProblem, resentFrom: mail.resentFrom },
});

export const suppressionView = (suppression: Suppression) => ({
  ...suppression,
  createdAt: suppression.createdAt.toISOString(),
});
