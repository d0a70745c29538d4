import { LineInput } from '@tradepost/contracts/input';
import { Id, Time } from '@tradepost/contracts/shapes';
import { type TSchema, Type } from 'typebox';
import { Code } from './schemas.ts';

const closed = { additionalProperties: false };
/** What browsers make of WebAuthn: they may add members. */
const open = { additionalProperties: true };
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const CurrentPassword = Type.String({ minLength: 1, maxLength: 1024, format: 'password' });
const Base64Url = (maxLength: number) => Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength });

export const BeginSetup = Type.Object({ currentPassword: CurrentPassword }, closed);
export const ConfirmSetup = Type.Object({ code: Code }, closed);
export const PasswordAndCode = Type.Object({ currentPassword: CurrentPassword, code: Code }, closed);
export const SecondStep = Type.Object(
  {
    challenge: Type.String({
      pattern: '^[A-Za-z0-9_.-]{1,400}$',
      description: 'Of the problem `second_factor_required` that answered the sign-in',
    }),
    code: Code,
  },
  closed,
);

export const SecondFactor = Type.Object({
  enabled: Type.Boolean(),
  enabledAt: nullable(Time),
  recoveryCodesLeft: Type.Integer(),
  required: Type.Boolean({ description: 'The account may do nothing else before it has a second factor' }),
});
export const TotpSecret = Type.Object({
  secret: Type.String({ description: 'Base32, for typing' }),
  otpauthUri: Type.String({ description: 'For a QR code' }),
});
export const RecoveryCodes = Type.Object({
  recoveryCodes: Type.Array(Type.String(), { description: 'They are not shown again' }),
});

export const PasskeyName = Type.Object({ name: LineInput(100, { examples: ['Telephone'] }) }, closed);
export const Passkey = Type.Object({
  id: Id,
  name: Type.String(),
  createdAt: Time,
  lastUsedAt: nullable(Time),
});
export const Passkeys = Type.Object({ items: Type.Array(Passkey) });

/** What WebAuthn defines; browsers read it (`PublicKeyCredential.parseCreationOptionsFromJSON`). */
const webAuthnOptions = (what: string) => Type.Object({ challenge: Type.String() }, { ...open, description: what });
export const PasskeyCreation = webAuthnOptions('PublicKeyCredentialCreationOptionsJSON of WebAuthn');
export const PasskeyRequest = webAuthnOptions('PublicKeyCredentialRequestOptionsJSON of WebAuthn');

const credential = {
  id: Base64Url(1400),
  rawId: Base64Url(1400),
  type: Type.Literal('public-key'),
  clientExtensionResults: Type.Object({}, open),
};
const RegistrationResponse = Type.Object(
  {
    ...credential,
    response: Type.Object(
      {
        clientDataJSON: Base64Url(4000),
        attestationObject: Base64Url(16_000),
        transports: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z-]{1,32}$' }), { maxItems: 10 })),
      },
      open,
    ),
  },
  { ...open, description: 'RegistrationResponseJSON of WebAuthn' },
);
const AuthenticationResponse = Type.Object(
  {
    ...credential,
    response: Type.Object(
      {
        clientDataJSON: Base64Url(4000),
        authenticatorData: Base64Url(4000),
        signature: Base64Url(8000),
      },
      open,
    ),
  },
  { ...open, description: 'AuthenticationResponseJSON of WebAuthn' },
);
export const NewPasskey = Type.Object({ ...PasskeyName.properties, response: RegistrationResponse }, closed);
export const PasskeySignIn = Type.Object({ response: AuthenticationResponse }, closed);
