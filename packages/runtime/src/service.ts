import type { BroadcastHandlers } from '@tradepost/messaging/broadcast';
import type { Handlers } from '@tradepost/messaging/consumer';
import type { Transport } from '@tradepost/messaging/transport';
import type { Pool } from '@tradepost/postgres/pool';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Static, TObject } from 'typebox';
import type { App } from './app.ts';
import { type LaunchOptions, launch } from './launch.ts';
import type { OperatorGuard } from './messaging-routes.ts';
import type { Task } from './tasks.ts';
import type { TokenVerifier } from './token-verifier.ts';

/** A service, as a value: what it is called, what it needs to know, and how it is put together. */
export type Service<T extends TObject> = {
  /** `order`: in log lines, metrics, queue names and `application_name`. */
  name: string;
  /** Keys are the names of environment variables; spread `commonSettings` into it, and `identitySettings`. */
  settings: T;
  /** The folder of its migrations. */
  migrations: URL;
  /**
   * `always` (the default): not ready while its database is away. `at-start`: needs it to start, but serves without it
   * afterwards. `optional`: starts and serves without it, and without the broker; both may come later, or never.
   */
  database?: 'always' | 'at-start' | 'optional';
  /** Puts it together. Unless the database is optional it is there and migrated by then, so it may be read from. */
  create(ctx: ServiceContext<Static<T>>): Promise<ServiceParts> | ServiceParts;
};

/** What a service is handed. */
export type ServiceContext<S> = {
  name: string;
  settings: S;
  log: Logger;
  /** Its own; name metrics `tradepost_…`. */
  metrics: Registry;
  /** Its database; the relay is woken by each of its transactions that commits. */
  pool: Pool;
  transport: Transport;
  /** To be called after a single statement, outside of a transaction, has written to the outbox. */
  wakeRelay(): void;
  /** Wakes a task of `ServiceParts.tasks` by its name. */
  wakeTask(name: string): void;
  /** Aborted when the service is about to stop: answers that do not go through Fastify then close their connection. */
  leaving: AbortSignal;
  /** Aborted when the service begins to shut down: long answers and long waits end then. */
  draining: AbortSignal;
};

/** What a service is made of. */
export type ServiceParts = {
  /** Registers its routes. */
  http(app: App): Promise<void> | void;
  /** The events it consumes. */
  handlers?: Handlers;
  /** The events that every instance hears, to forget what it has cached; `onGap` when some may have been missed. */
  broadcast?: { handlers: BroadcastHandlers; onGap: () => void };
  /** Its background work. */
  tasks?: Task[];
  /** More that must hold for it to be ready, by name. Called at most once a second. */
  ready?: Record<string, () => boolean | Promise<boolean>>;
  /** Answers `/openapi.json`, in place of the document of its own routes. */
  openapi?: (request: FastifyRequest, reply: FastifyReply) => FastifyReply;
  /** Checks access tokens, where it is not to be done by the keys at AUTH_URL. */
  verifier?: TokenVerifier;
  /** Lets operators alone see how messages flow, where that is not to be done by the access token. */
  operators?: OperatorGuard;
  /** Closes what it opened; called after the last request, event and task, and before the pool is closed. */
  stop?(): Promise<void>;
};

/** A service that runs. */
export type RunningService = {
  readonly name: string;
  /** `http://127.0.0.1:8080`: loopback, where it listens on every address. */
  readonly url: string;
  readonly managementUrl: string;
  /** Drains and stops it; resolves when all is closed. May be called again. */
  stop(): Promise<void>;
};

/** A service whose ports are open, and that may still be waiting for its database or broker. */
export type LaunchedService = RunningService & {
  /**
   * Resolves once it is ready for the first time. Rejects when it is stopped before, and when it cannot start: an edited
   * migration, a route that is declared twice.
   */
  readonly started: Promise<void>;
};

/** Declares a service; it only helps the compiler. */
export function defineService<T extends TObject>(service: Service<T>): Service<T> {
  return service;
}

/**
 * Runs a service in this process, beside others if need be, and resolves once it is ready: it waits for its database and
 * broker as long as it takes. Rejects for what waiting would not mend: a port in use, a setting that is missing.
 */
export async function runService<T extends TObject>(
  service: Service<T>,
  o: LaunchOptions<Static<T>>,
): Promise<RunningService> {
  const launched = await launch(service, o);
  try {
    await launched.started;
    return launched;
  } catch (error) {
    await launched.stop();
    throw error;
  }
}
