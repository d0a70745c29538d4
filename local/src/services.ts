import { apiGatewayService } from '@tradepost/api-gateway/service';
import { authService } from '@tradepost/auth/service';
import type { Transport } from '@tradepost/messaging/transport';
import { notificationService } from '@tradepost/notification/service';
import { orderService } from '@tradepost/order/service';
import { productService } from '@tradepost/product/service';
import { createLogger } from '@tradepost/runtime/log';
import type { ServiceHandle } from '@tradepost/runtime/service';
import { readSettings, SettingsError } from '@tradepost/runtime/settings';
import { startService } from '@tradepost/runtime/start-service';
import { startTelemetry } from '@tradepost/runtime/telemetry';
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
  const authOptions = shared(o, authService.name, (env) =>
    readSettings(authService.settings, { ...env, ...inside, ...o.secrets, PUBLIC_URL: o.url }),
  );
  const auth = await startService(authService, authOptions);
  launched.push(auth);
  const product = await startService(
    productService,
    shared(o, productService.name, (env) =>
      readSettings(productService.settings, { ...env, ...inside, AUTH_URL: auth.url }),
    ),
  );
  launched.push(product);
  const upstream = { AUTH_URL: auth.url, PRODUCT_URL: product.url };
  const order = await startService(
    orderService,
    shared(o, orderService.name, (env) =>
      readSettings(orderService.settings, { ...trialPayments(o), ...env, ...inside, ...upstream, ...o.secrets }),
    ),
  );
  launched.push(order);
  // `auth` starts first, and asks `order` only when a seller is to be erased.
  authOptions.settings.ORDER_URL = order.url;
  const notification = await startService(
    notificationService,
    shared(o, notificationService.name, (env) =>
      readSettings(notificationService.settings, {
        ...{ MAIL_PAGE: 'true', ...env, ...inside, ...o.secrets },
        ...{ AUTH_URL: auth.url, PUBLIC_URL: o.url },
      }),
    ),
  );
  launched.push(notification);
  const own = {
    HOST: o.host,
    PORT: String(o.port),
    PUBLIC_URL: o.url,
    MEDIA_DIR: o.media,
    WEB_DIR: o.web,
    ORDER_URL: order.url,
    NOTIFICATION_URL: notification.url,
  };
  const options = shared(o, apiGatewayService.name, (env) =>
    readSettings(apiGatewayService.settings, { ...env, ...upstream, ...own }),
  );
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

/** What all of them are launched with. */
function shared<S extends { LOG_LEVEL: string }>(o: LocalEnvironment, name: string, settingsOf: (env: Env) => S) {
  const settings = settingsOf({
    ...patient,
    ...o.env,
    MANAGEMENT_PORT: '0',
    DATABASE_URL: o.databaseUrl(name),
    BROKER_URL: 'memory:',
    MIGRATE_ON_START: 'false',
    // Nobody balances load in front of it, so nobody has to see first that it goes.
    SHUTDOWN_DELAY_MS: '0',
  });
  const log = createLogger({ name, level: settings.LOG_LEVEL, destination: o.logFile });
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
