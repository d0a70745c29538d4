import { access, chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgres, startPostgres } from '@tradepost/postgres/embedded';
import { pino } from 'pino';
import type { SharedResource } from './shared-resources.ts';

const PREFIX = 'tradepost-test-pg-';

/**
 * Starts the PostgreSQL that all test files of a run share, in a folder of its own that is removed afterwards. It may lose
 * data in a crash of the machine, which makes it fast. `TEST_DATABASE_URL` names a server to use instead; its user must
 * be able to create databases.
 */
export async function startSharedPostgres(): Promise<SharedResource> {
  const running = process.env.TEST_DATABASE_URL;
  if (running) return { address: running, stop: async () => undefined };
  const log = pino({ level: 'warn' });
  await removeAbandoned(log);
  const directory = await mkdtemp(join(tmpdir(), PREFIX));
  // For root, PostgreSQL runs as another user, who has to pass.
  await chmod(directory, 0o711);
  const server = await startPostgres({
    directory,
    log,
    settings: { fsync: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  return {
    address: server.url('postgres'),
    async stop() {
      await server.stop();
      await rm(directory, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** A run that was killed leaves its server behind; one that is still under way holds its folder's lock. */
async function removeAbandoned(log: pino.Logger): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    try {
      // There from when the folder is first locked; without it, a run is just beginning.
      await access(join(tmpdir(), name, 'owner.pid'));
      await removePostgres(join(tmpdir(), name));
    } catch (err) {
      log.debug({ err, name }, 'left alone');
    }
  }
}
