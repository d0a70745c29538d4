import { createHash } from 'node:crypto';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { cursorReader, encodeCursor } from '@tradepost/runtime/cursor';
import { Type } from 'typebox';
import type { Position } from '../actions/list-page.ts';
import type { ListQuery } from '../actions/listing-page.ts';
import type { Sort } from '../domain/listing.ts';
import { Uuid } from './schemas.ts';

/** What every cursor holds: which listing it belongs to, what was searched for instead of the phrase, and a product. */
const bound = {
  listing: Type.String(),
  corrected: Type.Union([Type.String({ minLength: 1, maxLength: 300 }), Type.Null()]),
  id: Uuid,
};
const amount = Type.Object({ ...bound, key: Type.String({ pattern: '^[0-9]{1,15}$' }) });

const sortedCursors = {
  newest: Type.Object({ ...bound, key: Type.Null() }),
  price: amount,
  '-price': amount,
  title: Type.Object({ ...bound, key: Type.String({ maxLength: 1000 }) }),
};
const RankedCursor = Type.Object({
  ...bound,
  tier: Type.Union([Type.Literal('names'), Type.Literal('description')]),
  before: Type.Union([Uuid, Type.Null()]),
  score: Type.Number(),
});

type SortedReader = (text: string) => { listing: string; corrected: string | null; id: string; key: string | null };

export type ListCursors = {
  /** Throws `invalid_cursor` for one that was given for other filters or another order. */
  read(text: string, listing: ListQuery): Position;
  write(position: Position, listing: ListQuery): string;
};

/** Cursors of lists are bound to their filters and order: with others they would skip products or repeat them. */
export function createListCursors(): ListCursors {
  const readRanked = cursorReader(RankedCursor);
  const readSorted: Record<Exclude<Sort, 'relevance'>, SortedReader> = {
    newest: cursorReader(sortedCursors.newest),
    price: cursorReader(sortedCursors.price),
    '-price': cursorReader(sortedCursors['-price']),
    title: cursorReader(sortedCursors.title),
  };
  return {
    read(text, listing) {
      if (listing.sort === 'relevance') {
        const { tier, before, score, id, corrected, ...rest } = readRanked(text);
        assertBelongs(rest.listing, listing);
        return { ranked: { tier, before, last: { score, id } }, corrected };
      }
      const { key, id, corrected, ...rest } = readSorted[listing.sort](text);
      assertBelongs(rest.listing, listing);
      return { sorted: { key, id }, corrected };
    },
    write(position, listing) {
      const { corrected } = position;
      const common = { listing: digestOf(listing), corrected };
      if ('sorted' in position) return encodeCursor({ ...common, ...position.sorted });
      const { tier, before, last } = position.ranked;
      return encodeCursor({ ...common, tier, before, ...last });
    },
  };
}

function digestOf({ filters, sort }: ListQuery): string {
  const text = JSON.stringify([sort, filters]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}

function assertBelongs(digest: string, listing: ListQuery): void {
  if (digest === digestOf(listing)) return;
  throw new ProblemError(
    'invalid_cursor',
    'The cursor was given for another list: leave it out to begin at the first page',
    {
      errors: [{ field: '?cursor', message: 'belongs to other filters or another order' }],
    },
  );
}
