// `npm run generate`: writes what is derived from the code and checked in: each service's schema.sql.
import { mkdtempSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dumpSchema } from '@tradepost/postgres/dump-schema';
import { createDatabase, startPostgres } from '@tradepost/postgres/embedded';
import { migrate } from '@tradepost/postgres/migrate';
import { createPool } from '@tradepost/postgres/pool';
import { pino } from 'pino';

const root = path.dirname(import.meta.dirname);
const log = pino({ level: 'warn' });
const services = ['api-gateway', 'auth', 'order', 'product'];

const directory = mkdtempSync(path.join(tmpdir(), 'tradepost-generate-'));
// For root, PostgreSQL runs as another user, who has to pass.
await chmod(directory, 0o711);
const server = await startPostgres({ directory, log, settings: { fsync: 'off' } });
try {
  for (const service of services) {
    const folder = path.join(root, 'services', service);
    await createDatabase(server.url('postgres'), service);
    const url = server.url(service);
    await migrate({ url, directory: new URL(`file://${folder}/migrations/`), log });
    const pool = createPool({ url, name: 'generate', log });
    await writeFile(path.join(folder, 'schema.sql'), await dumpSchema(pool));
    await pool.end();
    console.log(`services/${service}/schema.sql`);
  }
} finally {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
}
