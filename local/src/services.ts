import { apiGatewayService } from '@tradepost/api-gateway/service';
import { authService } from '@tradepost/auth/service';
import type { Transport } from '@tradepost/messaging/transport';
import { orderService } from '@tradepost/order/service';
import { productService } from '@tradepost/product/service';
import { launch } from '@tradepost/runtime/launch';
import { createLogger } from '@tradepost/runtime/log';
import type { LaunchedService } from '@tradepost/runtime/service';
import { readSettings, SettingsError } from '@tradepost/runtime/settings';
import { StartFailure } from './failure.ts';
import type { LogFile } from './log-file.ts';
import type { Secrets } from './secrets.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The four services, by the names of their databases. */
export const services = [apiGatewayService, authService, productService, orderService] as const;

export type Surroundings = {
  /** Settings that the user has chosen; those that follow from running in one process are laid over them. */
  env: Env;
  /** Of the gateway; the others listen on loopback, at ports that are free. */
  host: string;
  port: number;
  /** Where browsers find the gateway. */
  url: string;
  media: string;
  secrets: Secrets;
  databaseUrl: (name: string) => string;
  transport: Transport;
  logFile: LogFile;
};

/**
 * Opens the ports of the four services; each then starts behind its own. In the order in which they need one another's
 * addresses; the gateway comes last. Every one that is launched is handed to `onLaunch` at once, to be stopped.
 */
export async function launchServices(o: Surroundings, onLaunch: (service: LaunchedService) => void): Promise<void> {
  try {
    await launchAll(o, onLaunch);
  } catch (err) {
    throw err instanceof SettingsError ? new StartFailure(err.message) : err;
  }
}

async function launchAll(o: Surroundings, onLaunch: (service: LaunchedService) => void): Promise<void> {
  const inside = { HOST: '127.0.0.1', PORT: '0' };
  const auth = await launch(
    authService,
    shared(o, authService.name, (env) =>
      readSettings(authService.settings, { ...env, ...inside, ...o.secrets, PUBLIC_URL: o.url }),
    ),
  );
  onLaunch(auth);
  const product = await launch(
    productService,
    shared(o, productService.name, (env) =>
      readSettings(productService.settings, { ...env, ...inside, AUTH_URL: auth.url }),
    ),
  );
  onLaunch(product);
  const upstream = { AUTH_URL: auth.url, PRODUCT_URL: product.url };
  const order = await launch(
    orderService,
    shared(o, orderService.name, (env) => readSettings(orderService.settings, { ...env, ...inside, ...upstream })),
  );
  onLaunch(order);
  const own = { HOST: o.host, PORT: String(o.port), PUBLIC_URL: o.url, MEDIA_DIR: o.media, ORDER_URL: order.url };
  const gateway = await launch(
    apiGatewayService,
    shared(o, apiGatewayService.name, (env) =>
      readSettings(apiGatewayService.settings, { ...env, ...upstream, ...own }),
    ),
  );
  onLaunch(gateway);
}

/** What all of them are launched with. */
function shared<S extends { LOG_LEVEL: string }>(o: Surroundings, name: string, settingsOf: (env: Env) => S) {
  const settings = settingsOf({
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
