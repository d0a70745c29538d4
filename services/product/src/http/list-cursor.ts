import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { cursorReader, encodeCursor } from '@tradepost/runtime/cursor';
import { Type } from 'typebox';
import type { ListQuery, Position } from '../actions/list-page.ts';
import type { Sort } from '../domain/listing.ts';
import { Uuid } from './schemas.ts';

const OtherWords = Type.Object({
  phrase: Type.String({ minLength: 1, maxLength: 600 }),
  isCorrected: Type.Boolean(),
  leftOut: Type.Array(Type.String({ maxLength: 60 }), { maxItems: 8 }),
});

/** What every cursor holds: which listing it belongs to, what was searched for instead of the phrase, and a product. */
const bound = {
  listing: Type.String(),
  instead: Type.Union([OtherWords, Type.Null()]),
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
  id: Type.Union([Uuid, Type.Null()]),
  tier: Type.Union([Type.Literal('all'), Type.Literal('names'), Type.Literal('description')]),
  level: Type.Integer({ minimum: 0, maximum: 3 }),
  bucket: Type.Integer({ minimum: 0, maximum: 4095 }),
  isNamed: Type.Boolean(),
  score: Type.Number(),
});
/** A search by relevance of what has no ranks is by age: archived products, and all until the index of a new version is complete. */
const RelevanceCursor = Type.Union([RankedCursor, sortedCursors.newest]);

type SortedReader = (text: string) => { listing: string; instead: Position['instead']; id: string; key: string | null };

export type ListCursors = {
  /** Throws `invalid_cursor` for one that was given for other filters or another order, or by nobody. */
  read(text: string, listing: ListQuery, key: Buffer): Position;
  write(position: Position, listing: ListQuery, key: Buffer): string;
};

/**
 * Cursors of lists are bound to their filters and order: with others they would skip products or repeat them. They are authenticated,
 * since they say which part of the catalogue is looked at: a made-up one could ask for the dearest.
 */
export function createListCursors(): ListCursors {
  const readRelevance = cursorReader(RelevanceCursor);
  const readSorted: Record<Exclude<Sort, 'relevance'>, SortedReader> = {
    newest: cursorReader(sortedCursors.newest),
    price: cursorReader(sortedCursors.price),
    '-price': cursorReader(sortedCursors['-price']),
    title: cursorReader(sortedCursors.title),
  };
  return {
    read(signed, listing, secret) {
      const text = verified(signed, secret);
      const found = listing.sort === 'relevance' ? readRelevance(text) : readSorted[listing.sort](text);
      assertBelongs(found.listing, listing);
      const { instead } = found;
      if (!('tier' in found)) return { sorted: { key: found.key, id: found.id }, instead };
      const { tier, level, bucket, isNamed, score, id } = found;
      return { ranked: { tier, level, bucket, last: id === null ? null : { isNamed, score, id } }, instead };
    },
    write(position, listing, secret) {
      const common = { listing: digestOf(listing), instead: position.instead };
      if ('sorted' in position) return signed(encodeCursor({ ...common, ...position.sorted }), secret);
      const { last, ...place } = position.ranked;
      return signed(encodeCursor({ ...common, ...place, ...(last ?? { isNamed: false, score: 0, id: null }) }), secret);
    },
  };
}

const MAC_LENGTH = 22;

const macOf = (text: string, key: Buffer): Buffer => createHmac('sha256', key).update(text).digest().subarray(0, 16);

const signed = (text: string, key: Buffer): string => macOf(text, key).toString('base64url') + text;

/** The cursor without its authentication code. */
function verified(text: string, key: Buffer): string {
  const cursor = text.slice(MAC_LENGTH);
  const mac = Buffer.from(text.slice(0, MAC_LENGTH), 'base64url');
  const expected = macOf(cursor, key);
  if (mac.length === expected.length && timingSafeEqual(mac, expected)) return cursor;
  throw invalidCursor('Leave the cursor out to begin at the first page', 'is not a cursor that this list gave');
}

function digestOf({ filters, sort }: ListQuery): string {
  const text = JSON.stringify([sort, filters]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}

function assertBelongs(digest: string, listing: ListQuery): void {
  if (digest === digestOf(listing)) return;
  throw invalidCursor(
    'The cursor was given for another list: leave it out to begin at the first page',
    'belongs to other filters or another order',
  );
}

function invalidCursor(detail: string, message: string): ProblemError {
  return new ProblemError('invalid_cursor', detail, { errors: [{ field: '?cursor', message }] });
}
