import { access, chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgres, startPostgres } from '@tradepost/postgres/embedded';
// For the type of what is provided.
import type {} from '@tradepost/testing/postgres';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';

const PREFIX = 'tradepost-test-pg-';

/**
 * One PostgreSQL for the whole run, in a folder of its own that is removed afterwards. It may lose data in a crash of
 * the machine, which makes it fast. `TEST_DATABASE_URL` names a server to use instead; its user must be able to create databases.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const running = process.env.TEST_DATABASE_URL;
  if (running) {
    project.provide('postgresUrl', running);
    return undefined;
  }
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
  project.provide('postgresUrl', server.url('postgres'));
  return async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true, maxRetries: 10 });
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
