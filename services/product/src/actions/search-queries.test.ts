import { describe, expect, it } from 'vitest';
import { createSearchQueries } from './search-queries.ts';

describe('search queries', () => {
  it('are compiled once for each phrase', async () => {
    const asked: unknown[] = [];
    const searchQuery = createSearchQueries({
      query: async <Row>({ values }: { values?: readonly unknown[] }) => {
        asked.push(values?.[0]);
        // as: the one column that is asked for.
        return { rows: [{ query: `'${values?.[0]}'` } as Row], rowCount: 1 };
      },
    });
    expect(await searchQuery('blue')).toBe(`'blue'`);
    expect(await searchQuery('red')).toBe(`'red'`);
    expect(await searchQuery('blue')).toBe(`'blue'`);
    expect(asked).toEqual(['blue', 'red']);
  });
});
