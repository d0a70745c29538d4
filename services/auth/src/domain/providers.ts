import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';

/** Another place where people have accounts by which they sign in here. */
export type Provider = {
  /** In addresses and requests. */
  id: string;
  /** On buttons. */
  name: string;
  /** Of OpenID Connect; GitHub, which has OAuth 2.0 alone, is its own. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** It only has addresses that it has checked, and says nothing of each. */
  emailsAreVerified: boolean;
};

export const GITHUB_ISSUER = 'https://github.com';

/** What needs no more than an id and a secret. */
const presets: Readonly<Record<string, { name: string; issuer: string }>> = {
  google: { name: 'Google', issuer: 'https://accounts.google.com' },
  github: { name: 'GitHub', issuer: GITHUB_ISSUER },
};

const MAX_PROVIDERS = 10;

const Configured = Type.Array(
  Type.Object(
    {
      id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,30}$' }),
      clientId: Type.String({ minLength: 1, maxLength: 400 }),
      name: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
      // Without TLS on this machine only, for development.
      issuer: Type.Optional(
        Type.String({ pattern: '^(https://|http://(127\\.0\\.0\\.1|localhost)[:/])', maxLength: 400 }),
      ),
      emailsAreVerified: Type.Optional(Type.Boolean()),
    },
    { additionalProperties: false },
  ),
  { maxItems: MAX_PROVIDERS },
);
const Secrets = Type.Record(Type.String(), Type.String({ minLength: 1 }));
const configured = Compile(Configured);
const secretsById = Compile(Secrets);

/** Reads the settings `SIGN_IN_PROVIDERS` and `SIGN_IN_PROVIDER_SECRETS`. Throws an error that says what is wrong, without a secret. */
export function readProviders(text: string | undefined, secretsText: string | undefined): Provider[] {
  const list = parse('SIGN_IN_PROVIDERS', text ?? '[]', configured, '[{"id": "google", "clientId": "…"}]');
  const secrets = parse('SIGN_IN_PROVIDER_SECRETS', secretsText ?? '{}', secretsById, '{"google": "…"}');
  const providers = list.map((one) => toProvider(one, secrets[one.id]));
  for (const part of ['id', 'issuer'] as const) {
    const twice = providers.find((one, i) => providers.findIndex((other) => other[part] === one[part]) !== i);
    if (twice) throw new Error(`SIGN_IN_PROVIDERS has the ${part} ${twice[part]} twice`);
  }
  return providers;
}

function toProvider(
  { id, clientId, emailsAreVerified = false, ...given }: Static<typeof Configured>[number],
  clientSecret: string | undefined,
): Provider {
  const { name, issuer } = { ...presets[id], ...given };
  if (name === undefined || issuer === undefined) {
    throw new Error(
      `SIGN_IN_PROVIDERS: ${id} needs a name and an issuer; only ${Object.keys(presets).join(' and ')} need none`,
    );
  }
  if (clientSecret === undefined) throw new Error(`SIGN_IN_PROVIDER_SECRETS has no secret of ${id}`);
  return { id, name, issuer, clientId, clientSecret, emailsAreVerified };
}

function parse<T>(name: string, text: string, schema: { Check(value: unknown): value is T }, example: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Said below: the error of the parser would repeat a part of the text.
  }
  if (schema.Check(value)) return value;
  throw new Error(`${name} must be JSON such as ${example}`);
}
