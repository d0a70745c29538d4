import { apiGatewayService } from '@tradepost/api-gateway/service';
import { authService } from '@tradepost/auth/service';
import type { Transport } from '@tradepost/messaging/transport';
import { notificationService } from '@tradepost/notification/service';
import { orderService } from '@tradepost/order/service';
import { productService } from '@tradepost/product/service';
import { commonSettings } from '@tradepost/runtime/common-settings';
import { createLogger } from '@tradepost/runtime/log';
import type { Service, ServiceHandle } from '@tradepost/runtime/service';
import { readSettings, SettingsError } from '@tradepost/runtime/settings';
import { startService } from '@tradepost/runtime/start-service';
import { startTelemetry } from '@tradepost/runtime/telemetry';
import { type TObject, Type } from 'typebox';
import { StartFailure } from './failure.ts';
import type { LogFile } from './log-file.ts';
import type { Secrets } from './secrets.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The services, by the names of their databases. */
export const services = [apiGatewayService, authService, productService, orderService, notificationService] as const;

export type LocalEnvironment = {
  /** Settings that the user has chosen; those that follow from running in one process are laid over them. */
  env: Env;
  /** Of the gateway; the others listen on loopback, at ports that are free. */
  host: string;
  port: number;
  /** Where browsers find the gateway. */
  url: string;
  media: string;
  /** The built web shop. */
  web: string;
  secrets: Secrets;
  databaseUrl: (name: string) => string;
  transport: Transport;
  logFile: LogFile;
  /** Takes up what is to be stopped, the last first. */
  running: AsyncDisposableStack;
};

/**
 * Opens the ports of the services, and resolves once each has started behind its own. They are launched in the order
 * in which they need one another's addresses.
 */
export async function startServices(o: LocalEnvironment, signal: AbortSignal): Promise<void> {
  const launched: ServiceHandle[] = [];
  o.running.defer(async () => {
    // The gateway first, so that what is under way finds the others still there.
    await launched.pop()?.stop();
    await Promise.all(launched.map((service) => service.stop()));
  });
  try {
    await launchAll(o, launched);
  } catch (err) {
    throw err instanceof SettingsError ? new StartFailure(err.message) : err;
  }
  await unlessAborted(signal, Promise.all(launched.map((service) => service.started)));
}

/** Takes each up into `launched` at once, so that those before are stopped when one cannot be launched. */
async function launchAll(o: LocalEnvironment, launched: ServiceHandle[]): Promise<void> {
  const inside = { HOST: '127.0.0.1', PORT: '0' };
  const launch = async <T extends TObject>(service: Service<T>, settingsOf: (env: Env) => Env): Promise<string> => {
    const handle = await startService(service, startOptions(o, service, settingsOf));
    launched.push(handle);
    return handle.url;
  };
  const authOptions = startOptions(o, authService, (env) => ({ ...env, ...inside, ...o.secrets, PUBLIC_URL: o.url }));
  const auth = await startService(authService, authOptions);
  launched.push(auth);
  const AUTH_URL = auth.url;
  const PRODUCT_URL = await launch(productService, (env) => ({ ...env, ...inside, AUTH_URL }));
  const upstream = { AUTH_URL, PRODUCT_URL };
  const ORDER_URL = await launch(orderService, (env) => ({
    ...{ ...trialPayments(o), ...env },
    ...{ ...inside, ...upstream, ...o.secrets },
  }));
  // `auth` starts first, and asks `order` only when a seller is to be erased.
  authOptions.settings.ORDER_URL = ORDER_URL;
  const NOTIFICATION_URL = await launch(notificationService, (env) => ({
    ...{ MAIL_PAGE: 'true', ...env },
    ...{ ...inside, ...o.secrets, AUTH_URL, PUBLIC_URL: o.url },
  }));
  const options = startOptions(o, apiGatewayService, (env) => ({
    ...{ ...env, ...upstream, ORDER_URL, NOTIFICATION_URL },
    ...{ HOST: o.host, PORT: String(o.port), PUBLIC_URL: o.url, MEDIA_DIR: o.media, WEB_DIR: o.web },
  }));
  const telemetry = await startTelemetry({ name: 'tradepost', settings: options.settings, log: options.log });
  o.running.defer(() => telemetry.stop());
  launched.push(await startService(apiGatewayService, options));
}

/** Payments that move no money, by every way that a shop can offer without an account at a provider. */
const trialPayments = ({ port }: LocalEnvironment) => ({
  PAYMENT_PROVIDERS: 'sandbox,manual',
  SANDBOX_PAYMENTS: 'allowed',
  SANDBOX_MESSAGES_URL: `http://127.0.0.1:${port}/api/v1/payments/sandbox/events`,
  BANK_TRANSFER_INSTRUCTIONS: 'This shop is a trial: transfer nothing. An operator marks the order as paid.',
});

/** On a slow or busy laptop an answer that comes late is better than none, and there is nobody else who waits. */
const patient = {
  DATABASE_CONNECT_TIMEOUT_MS: '30000',
  DATABASE_STATEMENT_TIMEOUT_MS: '30000',
  DATABASE_LOCK_TIMEOUT_MS: '10000',
  DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_MS: '60000',
  MAX_EVENT_LOOP_DELAY_MS: '10000',
};

const LogLevel = Type.Object({ LOG_LEVEL: commonSettings.LOG_LEVEL });

/** What a service is launched with. `settingsOf` lays its own settings over those that all have. */
function startOptions<T extends TObject>(o: LocalEnvironment, service: Service<T>, settingsOf: (env: Env) => Env) {
  const env = settingsOf({
    ...patient,
    ...o.env,
    MANAGEMENT_PORT: '0',
    DATABASE_URL: o.databaseUrl(service.name),
    BROKER_URL: 'memory:',
    MIGRATE_ON_START: 'false',
    // Nobody balances load in front of it, so nobody has to see first that it goes.
    SHUTDOWN_DELAY_MS: '0',
  });
  const settings = readSettings(service.settings, env);
  const { LOG_LEVEL: level } = readSettings(LogLevel, env);
  const log = createLogger({ name: service.name, level, destination: o.logFile });
  return { settings, log, transport: o.transport };
}

/** Rejects with the signal's reason as soon as it is aborted, whatever becomes of the work. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
