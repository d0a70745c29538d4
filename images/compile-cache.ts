// Run by bundle.ts for each service: `node images/compile-cache.ts <folder of a bundle>`.
import { chmod, readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { enableCompileCache, flushCompileCache } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/**
 * Starts the bundle once, with nothing of what it needs there, and keeps what V8 has compiled by then: compiling is a quarter of
 * the time that a service takes to start. The cache is found by the place of the program relative to it, by its content and by the
 * version of Node.js; one that does not fit is not used.
 */
async function fillCompileCache(folder: string): Promise<void> {
  const directory = path.join(folder, 'cache');
  enableCompileCache({ directory, portable: true });
  const managementPort = await freePort();
  const nowhere = 'http://127.0.0.1:1';
  Object.assign(process.env, {
    HOST: '127.0.0.1',
    PORT: '0',
    MANAGEMENT_PORT: String(managementPort),
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
    BROKER_URL: 'amqp://127.0.0.1:1',
    AUTH_URL: nowhere,
    PRODUCT_URL: nowhere,
    ORDER_URL: nowhere,
    AUTH_SECRET: 'only-while-the-image-is-being-built',
    MAIL_KEY: 'only-while-the-image-is-being-built',
    LOG_LEVEL: 'silent',
  });
  // Resolves when the service is ready, which this one never is; rejects if it cannot even be loaded.
  const program: Promise<unknown> = import(pathToFileURL(path.join(folder, 'src/program.mjs')).href);
  await Promise.race([program, untilLive(`http://127.0.0.1:${managementPort}/readyz`)]);
  flushCompileCache();
  await makeReadable(directory);
}

/** The service answers that it is not ready: everything has been loaded, and is waiting. */
async function untilLive(url: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(50)) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    );
    if (status !== 0) return;
  }
  throw new Error('The bundle does not start');
}

/** Whoever runs the image is not who has built it. */
async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    await chmod(path.join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

await fillCompileCache(process.argv[2] ?? '');
process.exit(0);
