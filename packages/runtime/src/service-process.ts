import { migrate } from '@tradepost/postgres/migrate';
import { MigrationError } from '@tradepost/postgres/migration-files';
import type { Logger } from 'pino';
import { type Static, type TObject, Type } from 'typebox';
import { commonOf, commonSettings } from './common-settings.ts';
import { createLogger } from './log.ts';
import type { Service } from './service.ts';
import { readSettings, SettingsError } from './settings.ts';
import { collectStartGarbage } from './start-garbage.ts';
import { startService } from './start-service.ts';
import { startTelemetry } from './telemetry.ts';

type Env = Record<string, string | undefined>;

/**
 * Runs a service as this process, from environment variables alone: `await runProcess(orderService, process.env)`.
 * SIGTERM and SIGINT drain and stop it, and the process exits with 0; a second signal ends it at once, with 1. A bad
 * setting, a port in use and an edited migration end it at once, too, with a message that says so.
 */
export async function runProcess<T extends TObject>(service: Service<T>, env: Env): Promise<void> {
  const settings = settingsOf(service.name, service.settings, env);
  const common = commonOf(settings, service.name);
  const log = createLogger({ name: service.name, level: common.LOG_LEVEL });
  endOnUncaught(log);
  const telemetry = await startTelemetry({ name: service.name, settings: common, log });
  const ending = new AbortController();
  try {
    const running = await startService(service, { settings, log });
    onSignal(log, async () => {
      ending.abort();
      await running.stop();
      await telemetry.stop();
    });
    await running.started;
    await collectStartGarbage(ending.signal);
  } catch (err) {
    // A stop before it was ready; what the signal has begun ends the process.
    if (ending.signal.aborted) return;
    log.fatal({ err }, `${service.name} cannot start`);
    process.exit(1);
  }
}

/** Migrates a service's database and exits: `await migrateProcess(orderService, process.env)`. Needs DATABASE_URL, and DATABASE_CA if there is one. */
export async function migrateProcess<T extends TObject>(service: Service<T>, env: Env): Promise<void> {
  const { DATABASE_URL, DATABASE_CA, LOG_LEVEL } = commonSettings;
  const settings = settingsOf(service.name, Type.Object({ DATABASE_URL, DATABASE_CA, LOG_LEVEL }), env);
  const log = createLogger({ name: service.name, level: settings.LOG_LEVEL });
  try {
    const { DATABASE_URL: url, DATABASE_CA: ca } = settings;
    const applied = await migrate({ url, ca, directory: service.migrations, log });
    log.info({ applied }, applied.length === 0 ? 'the database is up to date' : 'the database has been migrated');
  } catch (err) {
    log.fatal({ err: err instanceof MigrationError ? { message: err.message } : err }, 'the migration failed');
    process.exit(1);
  }
}

/** Reads the settings, or ends the process with what is wrong with them, for a person to read. */
function settingsOf<T extends TObject>(name: string, schema: T, env: Env): Static<T> {
  try {
    return readSettings(schema, env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${name} cannot start. ${error.message}\n`);
    process.exit(1);
  }
}

function onSignal(log: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const handle = (signal: NodeJS.Signals): void => {
    if (stopping) {
      log.warn({ signal }, 'second signal: exiting at once');
      process.exit(1);
    }
    stopping = true;
    log.info({ signal }, 'stopping');
    stop().then(
      () => process.exit(0),
      (err: unknown) => {
        log.fatal({ err }, 'shutdown failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', handle);
  process.on('SIGINT', handle);
}

/** A bug that nothing caught leaves a state that nothing knows: the process ends, and is started anew. */
function endOnUncaught(log: Logger): void {
  const end = (err: unknown): void => {
    log.fatal({ err }, 'uncaught error');
    process.exit(1);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
