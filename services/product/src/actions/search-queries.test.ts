import { describe, expect, it } from 'vitest';
import { tsquery } from '../domain/search-query.ts';
import { createSearchQueries } from './search-queries.ts';

const statistics = { products: 0, frequencies: new Map() };

describe('search queries', () => {
  it('are compiled once for each phrase and the languages of the shop', async () => {
    const asked: unknown[] = [];
    const db = {
      query: async <Row>({ name, values }: { name?: string; values?: readonly unknown[] }) => {
        if (name === 'search-synonym.words') return { rows: [], rowCount: 0 };
        asked.push(values?.[0]);
        const word = String(values?.[0]);
        // as: the columns that are asked for.
        return { rows: [{ word, parts: [word], stems: [word] } as Row], rowCount: 1 };
      },
    };
    let languages = ['english'];
    const state = () => ({ isComplete: true, cursorKey: Buffer.of(), statistics, languages, synonymsVersion: 1 });
    const searchQuery = createSearchQueries(db, { current: async () => state(), forget: () => undefined });
    const blue = await searchQuery('blue');
    expect(tsquery(blue.names)).toBe(`('blue':* | 'blue')`);
    expect(tsquery((await searchQuery('red')).all)).toBe(`('red':* | 'red' | '~red':* | '~red')`);
    expect(await searchQuery('blue')).toBe(blue);
    expect(asked).toEqual(['blue', 'red']);
    languages = ['french'];
    await searchQuery('blue');
    expect(asked).toEqual(['blue', 'red', 'blue']);
  });
});
