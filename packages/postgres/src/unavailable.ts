import { ProblemError } from '@tradepost/contracts/problem-error';
import pg from 'pg';

/**
 * The database cannot be reached, gave no connection in time, or the connection was lost. As a `ProblemError` with the code
 * `unavailable` it is answered as 503 without more ado.
 */
export class DatabaseUnavailable extends ProblemError {
  /**
   * True when the statement or the commit had been sent and no answer came: it may or may not have taken effect.
   * False when it is certain that nothing was changed.
   */
  readonly outcomeUnknown: boolean;
  /** True when a connection broke under the work; false when none was to be had. */
  readonly connectionLost: boolean;

  constructor(detail: string, options: { cause: unknown; outcomeUnknown: boolean; connectionLost?: boolean }) {
    super('unavailable', detail, { retryAfter: 1, cause: options.cause });
    this.name = 'DatabaseUnavailable';
    this.outcomeUnknown = options.outcomeUnknown;
    this.connectionLost = options.connectionLost ?? false;
  }
}

/**
 * SQLSTATE codes and classes that say "not now" rather than "not so".
 * Source: https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const transientStates = new Set([
  '25006', // read_only_sql_transaction: connected to what has become a standby
  '25P03', // idle_in_transaction_session_timeout
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available: lock_timeout
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
]);
const transientClasses = new Set([
  '08', // connection exception
  '53', // insufficient resources: too many connections, disk full, out of memory
]);

const socketErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT', // the socket file of a server that is not up
]);

/**
 * True for an error after which the same work may well succeed on another attempt: connection lost or not to be had,
 * server shutting down or starting, too many connections, serialisation failure, deadlock, lock timeout, a cached plan
 * that a migration has made invalid. False for what would fail again, a statement timeout included.
 * Whether the failed attempt took effect is another question: see `DatabaseUnavailable.outcomeUnknown`.
 */
export function isTransient(err: unknown): boolean {
  if (err instanceof DatabaseUnavailable) return true;
  if (err instanceof pg.DatabaseError) {
    const code = err.code ?? '';
    return transientStates.has(code) || transientClasses.has(code.slice(0, 2)) || isStalePlan(err);
  }
  return err instanceof AggregateError ? err.errors.every(isTransient) : socketErrors.has(errorCode(err));
}

/** SQLSTATE codes after which the connection is over, or is better not used again. */
const endingStates = new Set(['25006', '25P03', '57P01', '57P02', '57P03', '57P05']);

/** True if the connection can serve others after this error: the server has refused one statement and is ready again. */
export function isReusable(err: Error): boolean {
  return isStatementError(err) && !isStalePlan(err);
}

/** True if the server has refused a statement, and so has carried out none that were sent with it. False if the connection has ended. */
export function isStatementError(err: Error): err is pg.DatabaseError {
  if (!(err instanceof pg.DatabaseError)) return false;
  const code = err.code ?? '';
  return !endingStates.has(code) && !code.startsWith('08');
}

/**
 * True when the connection was lost, or spoiled, under the work: over a new one the same may succeed at once. It may have taken
 * effect, so that it is only to be done again where doing it twice is doing it once. False when there was no connection to be had:
 * that has been waited for already.
 */
export function isConnectionLost(err: unknown): boolean {
  if (err instanceof DatabaseUnavailable) return err.connectionLost;
  return err instanceof pg.DatabaseError && !isReusable(err);
}

/**
 * True for what pg and its pool say of a connection that was not finished: it ended before the server had answered, or there was
 * none within the limit. These errors have no code.
 */
export function isUnfinishedConnect(err: Error): boolean {
  return !('code' in err) && /^(Connection terminated|timeout (exceeded|expired))/.test(err.message);
}

/** The name of the constraint that a statement violated, or undefined if the error is another. */
export function violatedConstraint(err: unknown): string | undefined {
  return err instanceof pg.DatabaseError && err.code?.startsWith('23') ? err.constraint : undefined;
}

/** True when PostgreSQL refused the data of a statement: a value (class 22), a constraint (23) or a limit of its size (54). */
export function isRefusedData(err: unknown): boolean {
  return err instanceof pg.DatabaseError && ['22', '23', '54'].includes(err.code?.slice(0, 2) ?? '');
}

/** A prepared statement whose result type a migration has changed; a new connection prepares it anew. */
function isStalePlan(err: pg.DatabaseError): boolean {
  return (err.code === '0A000' && err.routine === 'RevalidateCachedQuery') || err.code === '26000';
}

function errorCode(err: unknown): string {
  return err instanceof Error && 'code' in err && typeof err.code === 'string' ? err.code : '';
}
