import { type Query, rewriteStatements } from './rewriting.ts';

const LOCK = 'order.lock';
const LINES = 'order-line.of-locked';
/** So many orders may be locked before their lines are read for the first time, by requests that come at once. */
const MOST_WITHOUT_LINES = 50;

/**
 * Reads the lines of an order as they were before the lock was waited for: so does PostgreSQL where one statement waits for
 * the lock of an order and reads its lines, since it reads other tables on the snapshot with which it began.
 */
export function readLinesBeforeLocking(): void {
  let linesText: string | undefined;
  let locks = 0;
  /** What was read before the lock, by connection. */
  const stale = new WeakMap<object, unknown>();
  const linesOf = ({ values }: Query, text: string): Query => ({ name: LINES, text, values: [values?.[0]] });
  rewriteStatements({
    takeOver: ({ client, query, send }, callback) => {
      if (query.name === LOCK) {
        // Until they were read once, it is not known by which statement they are read.
        if (linesText === undefined) {
          if (++locks > MOST_WITHOUT_LINES)
            throw new Error(`The sabotage does not fit any more: nothing is read as ${LINES}`);
          return false;
        }
        send(linesOf(query, linesText), (err, result) => {
          if (err) {
            callback(err, undefined);
            return;
          }
          stale.set(client, result);
          send(query, callback);
        });
        return true;
      }
      if (query.name !== LINES) return false;
      linesText = query.text;
      const before = stale.get(client);
      stale.delete(client);
      if (before === undefined) return false;
      callback(null, before);
      return true;
    },
  });
}
