import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dumpSchema } from '@tradepost/postgres/dump-schema';
import { testDatabase } from '@tradepost/testing/postgres';
import { describe, expect, it } from 'vitest';

const root = new URL('../', import.meta.url);
const text = (path: string) => readFile(new URL(path, root), 'utf8');

describe.each(readdirSync(new URL('services/', root)))('the database of %s', (service) => {
  it('is what schema.sql says (npm run generate writes it)', async () => {
    const database = await testDatabase(new URL(`services/${service}/migrations/`, root));
    try {
      expect(await dumpSchema(database.pool)).toBe(await text(`services/${service}/schema.sql`));
    } finally {
      await database.drop();
    }
  });

  it('has the shared tables as the packages declare them', async () => {
    expect(await text(`services/${service}/migrations/0001_messaging.sql`)).toBe(
      await text('packages/postgres/sql/messaging.sql'),
    );
  });
});
