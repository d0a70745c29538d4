import type { BroadcastHandlers } from '@tradepost/messaging/broadcast';
import type { Handlers } from '@tradepost/messaging/consumer';
import type { Transport } from '@tradepost/messaging/transport';
import type { Pool } from '@tradepost/postgres/pool';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Static, TObject } from 'typebox';
import type { App } from './app.ts';
import type { OperatorGuard } from './messaging-routes.ts';
import type { Task } from './tasks.ts';
import type { TokenVerifier } from './token-verifier.ts';

/** The definition of a service, as a value: its name, its settings, and how its parts are made. */
export type Service<T extends TObject> = {
  /** `order`: in log lines, metrics, queue names and `application_name`. */
  name: string;
  /** Keys are the names of environment variables; spread `commonSettings` into it, and `identitySettings`. */
  settings: T;
  /** The folder of its migrations. */
  migrations: URL;
  /**
   * `always` (the default): not ready while its database is unavailable. `at-start`: needs it to start, and serves without it
   * afterwards. `optional`: starts and serves without it, and without the broker; both may become available later, or never.
   */
  database?: 'always' | 'at-start' | 'optional';
  /** Makes the parts. Unless the database is optional, it is available and migrated by then. */
  create(ctx: ServiceContext<Static<T>>): Promise<ServiceParts> | ServiceParts;
};

/** What `create` of a service receives. */
export type ServiceContext<S> = {
  name: string;
  settings: S;
  log: Logger;
  /** The registry of this service; names of metrics begin with `tradepost_`. */
  metrics: Registry;
  /** The pool of its database; a statement or transaction that writes to the outbox wakes the relay. */
  pool: Pool;
  transport: Transport;
  /** Wakes a task of `ServiceParts.tasks` by its name. */
  wakeTask(name: string): void;
  /** Aborted when the shutdown begins: responses that do not go through Fastify then close their connection. */
  closing: AbortSignal;
  /** Aborted when the service accepts no more requests: streams and long waits end then. */
  draining: AbortSignal;
};

/** The parts of a service. */
export type ServiceParts = {
  /** Registers its routes. */
  http(app: App): Promise<void> | void;
  /** The events it consumes. */
  handlers?: Handlers;
  /** Events that every instance receives, to invalidate its caches; `onGap` is called when some may have been missed. */
  broadcast?: { handlers: BroadcastHandlers; onGap: () => void };
  /** Background tasks. */
  tasks?: Task[];
  /** More readiness checks, by name. Called at most once a second. */
  ready?: Record<string, () => boolean | Promise<boolean>>;
  /** Answers `/openapi.json`, in place of the document of its own routes. */
  openapi?: (request: FastifyRequest, reply: FastifyReply) => FastifyReply;
  /** Verifies access tokens, in place of the keys at AUTH_URL. */
  verifier?: TokenVerifier;
  /** Limits the messaging routes to operators, in place of the access token. */
  operators?: OperatorGuard;
  /** Closes what the service opened; called after the last request, event and task, before the pool is closed. */
  stop?(): Promise<void>;
};

/** A running service. */
export type RunningService = {
  readonly name: string;
  /** `http://127.0.0.1:8080`: loopback, where it listens on every address. */
  readonly url: string;
  readonly managementUrl: string;
  /** Graceful shutdown; resolves when all is closed. May be called again. */
  stop(): Promise<void>;
};

/** A service whose ports are open and that may still wait for its database or broker. */
export type ServiceHandle = RunningService & {
  /**
   * Resolves once the service is ready for the first time. Rejects when it is stopped before, and when it cannot start: an
   * edited migration, a route that is declared twice.
   */
  readonly started: Promise<void>;
};

/** Returns its argument: it only gives the compiler the types. */
export function defineService<T extends TObject>(service: Service<T>): Service<T> {
  return service;
}
