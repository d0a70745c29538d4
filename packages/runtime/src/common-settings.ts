import { type Static, type TObject, Type } from 'typebox';

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
