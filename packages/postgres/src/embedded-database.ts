import pg from 'pg';
import { type Cluster, SUPERUSER } from './embedded-cluster.ts';
import { HOST } from './embedded-server.ts';

/** The URL of a database, with the superuser's name and password. */
export function databaseUrl(cluster: Cluster, port: number, database: string): string {
  return `postgres://${SUPERUSER}:${cluster.password}@${HOST}:${port}/${encodeURIComponent(database)}`;
}

/** Throws unless the database of `url` answers. */
export async function checkAnswers(url: string): Promise<void> {
  await withClient(url, (client) => client.query('select 1'));
}

/** Makes a database on the server of `url`, a copy of `template` if given; false if there is one of that name. */
export async function createDatabase(url: string, name: string, template?: string): Promise<boolean> {
  const copy = template === undefined ? '' : ` template ${pg.escapeIdentifier(template)}`;
  return withClient(url, async (client) => {
    try {
      await client.query(`create database ${pg.escapeIdentifier(name)}${copy}`);
      return true;
    } catch (err) {
      if (err instanceof pg.DatabaseError && err.code === '42P04') return false;
      throw err;
    }
  });
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'embedded' });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
