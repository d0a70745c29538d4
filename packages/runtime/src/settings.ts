import { readFileSync } from 'node:fs';
import { type Static, type TObject, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { weaknessOf, weaknessOfUrl } from './secret-strength.ts';

/** One line of what `describeSettings` tells about a schema. */
export type SettingDescription = {
  /** The environment variable. */
  name: string;
  /** What its value must be, in words. */
  expected: string;
  /** As it would be written in the environment; undefined when there is none. */
  default: string | undefined;
  required: boolean;
  /** Never to be printed, and fit for a Secret only. */
  secret: boolean;
  description: string;
};

/** Names every setting that is missing or wrong, and what was expected; never the value of a secret. */
export class SettingsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `${problems.length === 1 ? 'One setting is' : `${problems.length} settings are`} missing or wrong:\n` +
        `${problems.map((problem) => `  ${problem}`).join('\n')}\n` +
        'Settings are environment variables. NAME_FILE=/path may be given for NAME, to read its value from a file.',
    );
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

const port = (description: string, fallback: number) =>
  Type.Integer({ minimum: 0, maximum: 65_535, default: fallback, description });
const milliseconds = (description: string, fallback: number) =>
  Type.Integer({ minimum: 0, maximum: 86_400_000, default: fallback, description });
const authority = (description: string) =>
  Type.Optional(Type.String({ pattern: '-----BEGIN CERTIFICATE-----', description: `${description}; PEM` }));

/** The settings that every service has: spread them into its own schema. Durations are in milliseconds. */
export const commonSettings = {
  HOST: Type.String({ default: '0.0.0.0', minLength: 1, description: 'Address to listen on, for both ports' }),
  PORT: port('Port of the API; 0 takes a free one', 8080),
  MANAGEMENT_PORT: port('Port of /livez, /readyz and /metrics; 0 takes a free one', 9090),
  DATABASE_URL: Type.String({
    pattern: '^postgres(ql)?://',
    description: 'The database of this service',
    examples: ['postgres://user:password@host:5432/name'],
  }),
  DATABASE_CA: authority('Authority of its certificate; with it, TLS only, and the certificate names the host'),
  DATABASE_POOL_MAX: Type.Integer({ minimum: 1, maximum: 1000, default: 10, description: 'Most connections to it' }),
  DATABASE_CONNECT_TIMEOUT_MS: milliseconds('How long a statement waits for a new connection or for a free one', 3000),
  DATABASE_RECOVERY_WAIT_MS: milliseconds(
    'How long a statement waits for a database that cannot be reached; less than UPSTREAM_TIMEOUT_MS of the gateway',
    9000,
  ),
  DATABASE_STATEMENT_TIMEOUT_MS: milliseconds('How long a statement may run; 0 is no limit', 5000),
  DATABASE_LOCK_TIMEOUT_MS: milliseconds('How long a statement may wait for a lock; 0 is no limit', 2000),
  DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_MS: milliseconds(
    'How long a transaction may lie idle before the server ends it; 0 is no limit',
    10_000,
  ),
  BROKER_URL: Type.String({
    pattern: '^(amqps?://|memory:)',
    description: 'RabbitMQ; several nodes are separated by commas',
    examples: ['amqp://user:password@host:5672'],
  }),
  BROKER_CA: authority('The same for the broker, whatever the scheme of BROKER_URL'),
  MIGRATE_ON_START: Type.Boolean({ default: false, description: 'Migrate the database before starting' }),
  LOG_LEVEL: Type.Union(
    [
      Type.Literal('fatal'),
      Type.Literal('error'),
      Type.Literal('warn'),
      Type.Literal('info'),
      Type.Literal('debug'),
      Type.Literal('trace'),
      Type.Literal('silent'),
    ],
    { default: 'info', description: 'Lowest level that is logged; at info, one line for each request' },
  ),
  SHUTDOWN_DELAY_MS: milliseconds('How long requests are still accepted after SIGTERM, once not ready any more', 3000),
  SHUTDOWN_TIMEOUT_MS: milliseconds('How long requests in flight may then take before they are cut off', 15_000),
  KEEP_ALIVE_TIMEOUT_MS: milliseconds('How long an idle connection stays open; longer than the proxy in front', 65_000),
  HEADERS_TIMEOUT_MS: milliseconds('How long the headers of a request may take to arrive', 20_000),
  REQUEST_TIMEOUT_MS: milliseconds('How long a whole request may take to arrive', 60_000),
  MAX_REQUESTS_PER_SOCKET: Type.Integer({
    minimum: 0,
    default: 1000,
    description: 'Requests after which a connection is closed, so that new replicas get their share; 0 is no limit',
  }),
  MAX_CONNECTIONS: Type.Integer({ minimum: 1, default: 10_000, description: 'Most open connections' }),
  MAX_REQUESTS_IN_FLIGHT: Type.Integer({ minimum: 1, default: 1000, description: 'More are refused with 503' }),
  MAX_EVENT_LOOP_DELAY_MS: milliseconds('Event loop delay above which requests are refused with 503; 0 is never', 1000),
  MAX_DATABASE_WAIT_MS: milliseconds(
    'Wait in a standing queue for connections to the database above which requests are refused likewise; 0 is never',
    1000,
  ),
  OTEL_SERVICE_NAME: Type.Optional(Type.String({ description: 'Name in traces, if not the name of the service' })),
  OTEL_SDK_DISABLED: Type.Boolean({ default: false, description: 'Exports no traces, whatever else is set' }),
  OTEL_TRACES_EXPORTER: Type.Union([Type.Literal('otlp'), Type.Literal('none')], {
    default: 'otlp',
    description: 'Exporter of traces',
  }),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 1,
    description: 'Share of the traces begun here that is exported; others follow the decision of their caller',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      pattern: '^https?://',
      description: 'OTLP/HTTP collector; no traces are exported without one',
      examples: ['http://collector:4318'],
    }),
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: Type.Optional(
    Type.String({
      pattern: '^https?://',
      description: 'The whole URL for traces, where it differs from the endpoint and /v1/traces',
      examples: ['http://collector:4318/v1/traces'],
    }),
  ),
};

/** What `commonSettings` come to. */
export type CommonSettings = Static<TObject<typeof commonSettings>>;

/** The part of a service's settings that the runtime itself needs. Throws if they are not all there. */
export function commonOf(settings: unknown, name: string): CommonSettings {
  const given: object = typeof settings === 'object' && settings !== null ? settings : {};
  const missing = Object.entries(commonSettings).filter(([key, schema]) => !('~optional' in schema) && !(key in given));
  if (missing.length > 0) {
    throw new TypeError(
      `The settings of ${name} lack ${missing.map(([key]) => key).join(', ')}: spread commonSettings`,
    );
  }
  // as: every key is there; values were checked by readSettings, or written by whoever runs it in this process.
  return given as CommonSettings;
}

/** For services that check access tokens: where the keys are. */
export const identitySettings = {
  AUTH_URL: Type.String({
    pattern: '^https?://',
    description: 'The auth service, where the keys of access tokens are fetched',
    examples: ['http://auth:8080'],
  }),
};

/**
 * Reads settings from environment variables by a schema whose keys are their names. Text is turned into integers,
 * numbers, booleans (`true`, `false`, `1`, `0`) and lists (separated by commas) as the schema says; an empty variable
 * counts as missing; a variable that the schema does not have is ignored. `NAME_FILE` gives NAME by the content of a
 * file, as secrets are mounted. A secret that anybody could guess is refused. Throws a `SettingsError` that names all that is missing or wrong.
 */
export function readSettings<T extends TObject>(schema: T, env: Record<string, string | undefined>): Static<T> {
  const required = new Set<string>(schema.required ?? []);
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, property] of properties(schema)) {
    const { text, problem } = lookUp(name, schema, env);
    if (problem !== undefined) problems.push(problem);
    else if (text === undefined) {
      const fallback = keyword(property, 'default');
      if (fallback !== undefined) values[name] = structuredClone(fallback);
      else if (required.has(name)) problems.push(`${name} is required: ${expected(property)}${hint(property)}`);
    } else {
      values[name] = coerce(property, text);
      // Not compiled: each is checked once, and a compiler takes 15 ms of a start until it has warmed up.
      if (!Value.Check(property, values[name]))
        problems.push(`${name} ${shown(name, text)}must be ${expected(property)}${hint(property)}`);
      else {
        const weakness = isSecret(name) ? weaknessOfSetting(name, values[name]) : undefined;
        if (weakness !== undefined)
          problems.push(`${name} ${weakness}: make a random one, with openssl rand -base64 32`);
      }
    }
  }
  if (problems.length > 0) throw new SettingsError(problems);
  // as: every required property is there and was checked against its schema.
  return values as Static<T>;
}

/** Describes the settings of a schema, for READMEs and for checks of manifests. */
export function describeSettings(schema: TObject): SettingDescription[] {
  const required = new Set<string>(schema.required ?? []);
  return properties(schema).map(([name, property]) => {
    const fallback = keyword(property, 'default');
    const description = keyword(property, 'description');
    return {
      name,
      expected: expected(property),
      default: fallback === undefined ? undefined : String(fallback),
      required: required.has(name) && fallback === undefined,
      secret: isSecret(name),
      description: typeof description === 'string' ? description : '',
    };
  });
}

function properties(schema: TObject): [string, TSchema][] {
  return Object.entries(schema.properties);
}

/** A JSON Schema keyword of a property; TypeBox types only those that its kind of schema knows. */
function keyword(property: TSchema, name: string): unknown {
  return Object.hasOwn(property, name) ? Reflect.get(property, name) : undefined;
}

type Found = { text?: string; problem?: string };

function lookUp(name: string, schema: TObject, env: Record<string, string | undefined>): Found {
  const text = env[name];
  if (text !== undefined && text !== '') return { text };
  const fileName = `${name}_FILE`;
  const path = env[fileName];
  if (!path || Object.hasOwn(schema.properties, fileName)) return {};
  try {
    return { text: readFileSync(path, 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return { problem: `${fileName} names a file that cannot be read (${reason}): ${path}` };
  }
}

function isSecret(name: string): boolean {
  return /^(DATABASE|BROKER)_URL$|_(SECRET|KEY|PASSWORD|TOKEN)S?$|^(SECRET|KEY|PASSWORD|TOKEN)$/.test(name);
}

/** What is wrong with a secret, or with one of a list of them. */
function weaknessOfSetting(name: string, value: unknown): string | undefined {
  for (const secret of [value].flat()) {
    if (typeof secret !== 'string') continue;
    const weakness = name.endsWith('_URL') ? weaknessOfUrl(secret) : weaknessOf(secret);
    if (weakness !== undefined) return weakness;
  }
  return undefined;
}

function shown(name: string, text: string): string {
  return isSecret(name) ? '' : `is ${JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)}, but `;
}

function coerce(property: TSchema, text: string): unknown {
  switch (keyword(property, 'type')) {
    case 'integer':
    case 'number':
      return text.trim() === '' ? text : Number(text);
    case 'boolean':
      return { true: true, '1': true, false: false, '0': false }[text.trim().toLowerCase()] ?? text;
    case 'array': {
      const items = keyword(property, 'items');
      const parts = text.split(',').map((part) => part.trim());
      return parts.filter((part) => part !== '').map((part) => (isSchema(items) ? coerce(items, part) : part));
    }
    default:
      return text;
  }
}

function isSchema(value: unknown): value is TSchema {
  return typeof value === 'object' && value !== null;
}

function expected(property: TSchema): string {
  const options = literals(property);
  if (options) return `one of ${options.join(', ')}`;
  const type = keyword(property, 'type');
  const minimum = keyword(property, 'minimum');
  const maximum = keyword(property, 'maximum');
  const least = minimum === undefined ? '' : ` of at least ${minimum}`;
  const range = minimum !== undefined && maximum !== undefined ? ` from ${minimum} to ${maximum}` : least;
  const items = keyword(property, 'items');
  if (type === 'integer') return `an integer${range}`;
  if (type === 'number') return `a number${range}`;
  if (type === 'boolean') return 'true or false';
  if (type === 'array') return `a list, separated by commas${isSchema(items) ? `, each ${expected(items)}` : ''}`;
  if (keyword(property, 'format') === 'uri') return 'a URL';
  const [example] = asArray(keyword(property, 'examples'));
  const minLength = keyword(property, 'minLength');
  if (example !== undefined) return `text like ${example}`;
  return typeof minLength === 'number' && minLength > 1 ? `text of at least ${minLength} characters` : 'text';
}

function literals(property: TSchema): unknown[] | undefined {
  const options = asArray(keyword(property, 'enum'));
  if (options.length > 0) return options;
  const anyOf = asArray(keyword(property, 'anyOf'));
  const values = anyOf.map((option) => (isSchema(option) ? keyword(option, 'const') : undefined));
  return values.length > 0 && values.every((value) => value !== undefined) ? values : undefined;
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function hint(property: TSchema): string {
  const description = keyword(property, 'description');
  return typeof description === 'string' && description !== '' ? ` (${description})` : '';
}
