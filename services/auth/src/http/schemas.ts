import { EmailInput, IdInput, LineInput, TextInput } from '@tradepost/contracts/input';
import { Locale } from '@tradepost/contracts/locales';
import { Permission, permissions, StaffRoleId } from '@tradepost/contracts/permissions';
import { Role } from '@tradepost/contracts/roles';
import { Id, Time } from '@tradepost/contracts/shapes';
import { type TSchema, Type } from 'typebox';

export const Email = EmailInput;
export const Name = LineInput(100, { examples: ['Ada Lovelace'] });
/** For the API's description: a session token, or the session cookie in its place. */
export const bySession = [{ bearer: [] }];

/** Longer than is accepted, so that the refusal can say what is wrong with it. */
const Password = Type.String({ minLength: 1, maxLength: 1024, format: 'password' });
const NewPassword = Type.String({
  minLength: 1,
  maxLength: 1024,
  format: 'password',
  description: '8 to 128 characters, none of the most common ones, nor the e-mail address',
});
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const closed = { additionalProperties: false };

export const SignUp = Type.Object({ name: Name, email: Email, password: NewPassword }, closed);
/** Six digits, or a recovery code; blanks and dashes do not count. */
export const Code = Type.String({
  pattern: '^[A-Za-z0-9 -]{6,40}$',
  'x-allowed': 'the six digits of the app, or a recovery code',
  description: 'A code of the authenticator app, or a recovery code. Each is good once.',
});
export const SignIn = Type.Object(
  {
    email: Email,
    password: Password,
    code: Type.Optional(
      Type.Unsafe<string>({
        ...Code,
        description:
          'A code of the authenticator app, or a recovery code, where the client knows that the account has a second factor. It is looked at after the password, and not at all for an account without one.',
      }),
    ),
  },
  closed,
);
export const ChangePassword = Type.Object({ currentPassword: Password, newPassword: NewPassword }, closed);
const LinkToken = Type.String({
  pattern: '^[A-Za-z0-9_-]{16,64}$',
  description: 'The token of the link in the mail',
});
export const RequestPasswordReset = Type.Object({ email: Email }, closed);
export const ResetPassword = Type.Object({ token: LinkToken, newPassword: NewPassword }, closed);
export const LinkOfMail = Type.Object({ token: LinkToken }, closed);
export const ChangeEmail = Type.Object({ newEmail: Email, currentPassword: Password }, closed);
export const UpdateUser = Type.Object(
  { name: Type.Optional(Name), locale: Type.Optional(Locale) },
  { ...closed, minProperties: 1 },
);
export const NewApiKey = Type.Object(
  {
    name: Name,
    expiresAt: Type.Optional(Time),
    readOnly: Type.Boolean({ default: false, description: 'Only GET requests' }),
    permissions: Type.Optional(
      Type.Array(Permission, {
        minItems: 1,
        maxItems: permissions.length,
        description: 'Of an operator: those of their permissions that the key has. Without it, all that its owner has.',
      }),
    ),
  },
  closed,
);
export const AssignRole = Type.Object({ role: Role, staffRole: Type.Optional(StaffRoleId) }, closed);
export const Ban = Type.Object(
  {
    reason: TextInput(500, { minLength: 1 }),
    until: Type.Optional(Type.String({ format: 'date-time', description: 'Without it the ban does not end' })),
  },
  closed,
);
export const ById = Type.Object({ id: IdInput }, closed);
const Paging = {
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 24 }),
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
};
export const PageQuery = Type.Object(Paging, closed);
export const AccountQuery = Type.Object(
  { ...Paging, email: Type.Optional(Email), role: Type.Optional(Role), banned: Type.Optional(Type.Boolean()) },
  closed,
);

export const User = Type.Object({
  id: Id,
  name: Type.String(),
  email: Type.String(),
  emailVerified: Type.Boolean(),
  role: Role,
  createdAt: Time,
  updatedAt: Time,
});
export const OpenedSession = Type.Object({
  token: Type.String({ description: 'The session token: send it as `Authorization: Bearer`' }),
  user: User,
});
export const Session = Type.Object({
  id: Id,
  createdAt: Time,
  updatedAt: Time,
  expiresAt: Time,
  ipAddress: nullable(Type.String()),
  userAgent: nullable(Type.String()),
});
export const CurrentSession = Type.Object({
  session: Session,
  user: User,
  locale: nullable(
    Type.Unsafe<Locale>({ ...Locale, description: 'The language of its mails; null: that of the shop' }),
  ),
  permissions: Type.Array(Type.String(), { description: 'What the account may do as an operator' }),
  operator: Type.Union([Type.Object({ id: Id, name: Type.String() }), Type.Null()], {
    description: 'Who acts as the account; null in a session of its own',
  }),
});
export const ListedSession = Type.Object({ ...Session.properties, current: Type.Boolean() });
export const AccessToken = Type.Object({
  token: Type.String({ description: 'A signed JWT (EdDSA), valid for some minutes' }),
});
export const KeySet = Type.Object({
  keys: Type.Array(
    Type.Object({
      kty: Type.String(),
      crv: Type.String(),
      x: Type.String(),
      kid: Type.String(),
      alg: Type.String(),
      use: Type.String(),
    }),
  ),
});
export const ApiKey = Type.Object({
  id: Id,
  name: Type.String(),
  start: Type.String({ description: 'The first characters of the key' }),
  createdAt: Time,
  expiresAt: nullable(Time),
  lastUsedAt: nullable(Type.Unsafe<string>({ ...Time, description: 'To some minutes' })),
  readOnly: Type.Boolean(),
  permissions: nullable(Type.Array(Type.String(), { description: 'null: all that its owner has' })),
});
export const CreatedApiKey = Type.Object({
  ...ApiKey.properties,
  key: Type.String({ description: 'The key itself. It is not shown again.' }),
});
export const Account = Type.Object({
  ...User.properties,
  staffRole: nullable(Type.Object({ id: StaffRoleId, name: Type.String() })),
  permissions: Type.Array(Type.String(), { description: 'What it may do as an operator' }),
  banned: Type.Boolean(),
  banReason: nullable(Type.String()),
  bannedUntil: nullable(Time),
});
export const Nothing = Type.Null({ description: 'Done' });
export const Success = Type.Object({ success: Type.Boolean() });
export const VerifiedEmail = Type.Object({ email: Type.String(), emailVerified: Type.Boolean() });
export const Revoked = Type.Object({ revoked: Type.Integer({ description: 'Number of sessions that were ended' }) });
export const pageOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: nullable(Type.String()) });
