import { describe, expect, it } from 'vitest';
import { tsquery } from '../domain/search-query.ts';
import { createSearchQueries } from './search-queries.ts';

describe('search queries', () => {
  it('are compiled once for each phrase', async () => {
    const asked: unknown[] = [];
    const searchQuery = createSearchQueries({
      query: async <Row>({ values }: { values?: readonly unknown[] }) => {
        asked.push(values?.[0]);
        const word = String(values?.[0]);
        // as: the columns that are asked for.
        return { rows: [{ word, parts: [word], stems: [word] } as Row], rowCount: 1 };
      },
    });
    const blue = await searchQuery('blue');
    expect(tsquery(blue.names)).toBe(`('blue':* | 'blue')`);
    expect(tsquery((await searchQuery('red')).all)).toBe(`('red':* | 'red' | '~red':* | '~red')`);
    expect(await searchQuery('blue')).toBe(blue);
    expect(asked).toEqual(['blue', 'red']);
  });
});
