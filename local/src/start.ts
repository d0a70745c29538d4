import { createInMemoryTransport } from '@tradepost/messaging/in-memory-transport';
import { type EmbeddedPostgres, startPostgres } from '@tradepost/postgres/embedded';
import { migrate } from '@tradepost/postgres/migrate';
import { createLogger } from '@tradepost/runtime/log';
import { builtWeb } from '@tradepost/web/build';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { demoCatalogue } from './demo-catalogue.ts';
import { untilPurchasable } from './health-check.ts';
import { type LogFile, openLogFile } from './log-file.ts';
import type { Options } from './options.ts';
import { choosePort, urlOf } from './port.ts';
import type { Progress } from './progress.ts';
import { chooseDemoPassword, type DemoPassword, loadOrCreateSecrets, type Secrets } from './secrets.ts';
import { customer } from './seed/accounts.ts';
import { createApi } from './seed/api.ts';
import { seedDemoShop } from './seed/demo-shop.ts';
import { services, startServices } from './services.ts';

/** The shop, open. */
export type Shop = { url: string; logFile: string; demoPassword: DemoPassword; stop(): Promise<void> };

type Start = {
  options: Options;
  progress: Progress;
  signal: AbortSignal;
  folder: DataFolder;
  logFile: LogFile;
  port: number;
  url: string;
  demoPassword: DemoPassword;
  /** What is to be stopped, in the end or when the start fails. */
  running: AsyncDisposableStack;
};

/**
 * Starts everything and resolves once a purchase can be made. Stops what it has started if that fails, or when `signal`
 * is aborted, whose reason it then throws.
 */
export async function startShop(o: { options: Options; progress: Progress; signal: AbortSignal }): Promise<Shop> {
  const { options, signal } = o;
  await using running = new AsyncDisposableStack();
  const folder = await openDataFolder(options.dataFolder, options);
  running.defer(() => folder.release());
  const demoPassword = await chooseDemoPassword({
    file: folder.demoPassword,
    host: options.host,
    isSeeded: await folder.isDone('demo'),
  });
  const port = await choosePort(options.host, options.port);
  const url = urlOf(options.host, port);
  await folder.announce(url);
  const logFile = await openLogFile(folder.logs);
  running.defer(() => logFile.close());
  try {
    await openShop({ ...o, folder, logFile, port, url, demoPassword, running });
    signal.throwIfAborted();
  } catch (err) {
    if (!signal.aborted) createLogger({ name: 'local', destination: logFile }).fatal({ err }, 'the start failed');
    throw err;
  }
  const stack = running.move();
  return { url, logFile: logFile.path, demoPassword, stop: () => stack.disposeAsync() };
}

async function openShop(start: Start): Promise<void> {
  const postgres = await startDatabase(start);
  await migrateAll(start, postgres);
  const web = await buildShop(start);
  await startAll(start, { postgres, secrets: await loadOrCreateSecrets(start.folder.secrets), web });
  const api = createApi(start.url, start.signal);
  const { options, folder, logFile, signal, demoPassword } = start;
  const { withRules } = options;
  const { password } = demoPassword;
  const isNew = await start.progress.step('Demo shop', (note) =>
    seedDemoShop({
      folder,
      api,
      databaseUrl: (name) => postgres.url(name),
      withRules,
      password,
      logFile,
      signal,
      note,
    }),
  );
  await start.progress.step('Checkout', async (note) => {
    const skus = demoCatalogue.products.flatMap((product) => product.variants.slice(0, 1).map(({ sku }) => sku));
    await untilPurchasable(api, { ...customer, password, skus: isNew ? skus : skus.slice(0, 1), signal });
    note('takes orders');
  });
}

function startDatabase({ folder, logFile, progress, running, signal }: Start): Promise<EmbeddedPostgres> {
  return progress.step('Database', async (note) => {
    note('starting PostgreSQL');
    const log = createLogger({ name: 'postgres', destination: logFile });
    const postgres = await startPostgres({ directory: folder.postgres, log });
    running.defer(() => postgres.stop());
    signal.throwIfAborted();
    const made = await Promise.all(services.map(({ name }) => postgres.createDatabase(name)));
    const how = postgres.takenOver
      ? 'was left running, and is taken over'
      : made.includes(true)
        ? 'new'
        : 'as it was left';
    note(`PostgreSQL on port ${postgres.port}: ${how}`);
    return postgres;
  });
}

function migrateAll({ logFile, progress, signal }: Start, postgres: EmbeddedPostgres): Promise<void> {
  return progress.step('Migrations', async (note) => {
    const applied = await Promise.all(
      services.map(({ name, migrations }) =>
        migrate({
          url: postgres.url(name),
          directory: migrations,
          log: createLogger({ name, destination: logFile }),
        }),
      ),
    );
    signal.throwIfAborted();
    const count = applied.flat().length;
    note(count === 0 ? 'nothing to do' : `${count} applied to ${services.length} databases`);
  });
}

/** The pages, from their sources: seconds the first time and after a change, nothing otherwise. */
function buildShop({ progress, signal }: Start): Promise<string> {
  return progress.step('Web shop', async (note) => {
    note('building');
    const { folder, fresh } = await builtWeb();
    signal.throwIfAborted();
    note(fresh ? 'built' : 'as it was built');
    return folder;
  });
}

function startAll(
  start: Start,
  { postgres, secrets, web }: { postgres: EmbeddedPostgres; secrets: Secrets; web: string },
): Promise<void> {
  const { options, folder, logFile, port, url, running, signal } = start;
  return start.progress.step('Services', async (note) => {
    const transport = createInMemoryTransport({ log: createLogger({ name: 'transport', destination: logFile }) });
    running.defer(() => transport.close());
    const { env, host } = options;
    const databaseUrl = (name: string) => postgres.url(name);
    await startServices(
      { env, host, port, url, media: folder.media, web, secrets, databaseUrl, transport, logFile, running },
      signal,
    );
    note(services.map(({ name }) => name).join(', '));
  });
}
