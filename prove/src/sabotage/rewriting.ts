import pg from 'pg';

/** A statement as pg is handed it. */
export type Query = { name?: string; text: string; values?: readonly unknown[] };

export type Callback = (err: Error | null, result: unknown) => void;
/** Sends a statement on the same connection. */
export type SendQuery = (query: Query, callback: Callback) => void;

export type StatementHooks = {
  /** The text that is sent in place of this one. */
  text?: (query: Query) => string;
  /** Takes a statement over: answers it by `callback`, from the database (`send`) or without it; false to let it pass. */
  takeOver?: (o: { client: object; query: Query; send: SendQuery }, callback: Callback) => boolean;
  /** Called with the answer to a statement before whoever asked gets it, `pass`, which may be put off. */
  answered?: (o: { client: object; query: Query; failed: boolean; result: unknown }, pass: () => void) => void;
};

/**
 * Changes what this process sends to PostgreSQL, whoever sends it. It reaches into `pg` itself, so that no service has to
 * have a place for it; it belongs into the entry file of a process that is started to be wrong.
 */
export function rewriteStatements(rewriting: StatementHooks): void {
  const { text = (query) => query.text, answered = (_, pass) => pass(), takeOver = () => false } = rewriting;
  const original: unknown = Reflect.get(pg.Client.prototype, 'query');
  if (typeof original !== 'function') throw new Error('pg has changed: there is no Client.query');
  function query(this: object, config: unknown, callback: unknown): unknown {
    // as: a function is all that can be asked of a callback at run time.
    if (isGroup(config))
      return sendOneByOne((one, pass) => query.call(this, one, pass), config, callback as GroupCallback);
    if (!isQuery(config) || typeof callback !== 'function')
      return Reflect.apply(original as Callback, this, [config, callback]);
    const send: SendQuery = (other, pass) => Reflect.apply(original as Callback, this, [other, pass]);
    // as: a function is all that can be asked of a callback at run time.
    if (takeOver({ client: this, query: config, send }, callback as Callback)) return undefined;
    const wrapped: Callback = (err, result) =>
      answered({ client: this, query: config, failed: err !== null && err !== undefined, result }, () =>
        callback(err, result),
      );
    return Reflect.apply(original as Callback, this, [{ ...config, text: text(config) }, wrapped]);
  }
  Reflect.set(pg.Client.prototype, 'query', query);
}

type GroupCallback = (err: Error | null, results?: unknown[]) => void;
type Group = { statements: readonly Query[] };

/** Statements that go out in one flight (`statement-group.ts` of the package `postgres`) are changed one by one, so they are sent so. */
function sendOneByOne(send: SendQuery, { statements }: Group, callback: GroupCallback): void {
  const results: unknown[] = [];
  const next = (): void => {
    const statement = statements[results.length];
    if (!statement) {
      callback(null, results);
      return;
    }
    send(statement, (err, result) => {
      if (err) callback(err);
      else {
        results.push(result);
        next();
      }
    });
  };
  next();
}

function isGroup(config: unknown): config is Group {
  return typeof config === 'object' && config !== null && Array.isArray(Reflect.get(config, 'statements'));
}

function isQuery(config: unknown): config is Query {
  return typeof config === 'object' && config !== null && typeof Reflect.get(config, 'text') === 'string';
}

/** Takes a part out of a statement; a statement that has changed so much that the part is not there must not go unnoticed. */
export function removeFromQuery(query: Query, part: RegExp): string {
  const text = query.text.replace(part, '');
  if (text === query.text) throw new Error(`The sabotage does not fit any more: ${part} is not in ${query.text}`);
  return text;
}
