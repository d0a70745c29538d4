// `npm run generate`: writes what is derived from the code and checked in: each service's schema.sql, and the types of
// the API client. `npm run generate -- --screenshots` takes the pictures in docs/screenshots instead; it needs Chromium.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dumpSchema } from '@tradepost/postgres/dump-schema';
import { startPostgres } from '@tradepost/postgres/embedded';
import { migrate } from '@tradepost/postgres/migrate';
import { createPool } from '@tradepost/postgres/pool';
import { pino } from 'pino';
import { clientTypes } from '../packages/client/tools/types.ts';

const root = path.dirname(import.meta.dirname);
const log = pino({ level: 'warn' });
const services = readdirSync(path.join(root, 'services'));

if (process.argv.includes('--screenshots')) {
  const script = path.join(root, 'tests/browser/screenshots.ts');
  process.exit(spawnSync(process.execPath, [script], { stdio: 'inherit' }).status ?? 1);
}

const directory = mkdtempSync(path.join(tmpdir(), 'tradepost-generate-'));
// For root, PostgreSQL runs as another user, who has to pass.
await chmod(directory, 0o711);
try {
  await dumpSchemas(path.join(directory, 'postgres'));
  await writeClientTypes(path.join(directory, 'shop'));
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function dumpSchemas(data: string): Promise<void> {
  const server = await startPostgres({ directory: data, log, settings: { fsync: 'off' } });
  try {
    for (const service of services) {
      const folder = path.join(root, 'services', service);
      await server.createDatabase(service);
      const url = server.url(service);
      await migrate({ url, directory: new URL(`file://${folder}/migrations/`), log });
      const pool = createPool({ url, name: 'generate', log });
      await writeFile(path.join(folder, 'schema.sql'), await dumpSchema(pool));
      await pool.end();
      console.log(`services/${service}/schema.sql`);
    }
  } finally {
    await server.stop();
  }
}

/** Asks a shop of its own for the merged OpenAPI document. */
async function writeClientTypes(data: string): Promise<void> {
  const port = '18999';
  const shop = spawn(process.execPath, [path.join(root, 'local/src/main.ts')], {
    env: { ...process.env, TRADEPOST_DATA: data, PORT: port },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => shop.once('exit', () => resolve()));
  try {
    await untilReady(shop);
    const document = await untilWhole(`http://localhost:${port}/openapi.json`);
    await writeFile(path.join(root, 'packages/client/src/schema.ts'), await clientTypes(document));
    console.log('packages/client/src/schema.ts');
  } finally {
    shop.kill('SIGTERM');
    await ended;
  }
}

function untilReady(shop: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve, reject) => {
    shop.stdout?.on('data', (text: Buffer) => {
      if (text.includes('ready')) resolve();
    });
    shop.once('exit', (code) => reject(new Error(`The shop ended with exit code ${code}`)));
  });
}

/** The gateway reads the documents of the services in the background. */
async function untilWhole(url: string): Promise<unknown> {
  for (;;) {
    const response = await fetch(url);
    const document = await response.text();
    const parts = ['/api/v1/orders', '/api/v1/products', '/api/v1/auth/jwks', '/api/v1/audit'];
    if (parts.every((part) => document.includes(`"${part}"`))) return JSON.parse(document);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
