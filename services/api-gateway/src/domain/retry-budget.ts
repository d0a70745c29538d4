/**
 * The stage at which a request failed:
 * - `connect-failed`: no connection; nothing was sent, so the request had no effect
 * - `unanswered`: sent, wholly or in part; the connection was lost before the first byte of a response
 * - `overloaded`: 503 from an instance that is draining or overloaded
 * - `timeout`: no response in time; the service may still handle the request
 * - `broken`: the response began and was cut off, or was not HTTP
 */
export type FailureStage = 'connect-failed' | 'unanswered' | 'overloaded' | 'timeout' | 'broken';

export type FailedAttempt = {
  stage: FailureStage;
  /** How often it has been tried, this time included. */
  attempts: number;
  /** Sent twice, it has the effect of once. */
  idempotent: boolean;
  /** The body can be sent again: there is none, it is buffered, or nothing of it has been read. */
  bodyReplayable: boolean;
};

const MAX_ATTEMPTS = 3;

/**
 * Whether a failed request may be sent again. A retry after `connect-failed` costs the service nothing; all others are paid
 * from the retry budget (see `tryConsume`).
 */
export function mayRetry({ stage, attempts, idempotent, bodyReplayable }: FailedAttempt): boolean {
  if (attempts >= MAX_ATTEMPTS || !bodyReplayable) return false;
  switch (stage) {
    case 'connect-failed':
      return true;
    case 'unanswered':
      return idempotent;
    case 'overloaded':
      return idempotent && attempts < 2;
    default:
      return false;
  }
}

/** The retry budget: retries are at most a share of the requests, so they do not double the load of a failing service. */
export type RetryBudget = { balance: number };

const SHARE = 0.2;
/** What may be spent at once, after quiet: a killed instance resets everything it had in flight. */
const LARGEST_BALANCE = 100;

export function newRetryBudget(): RetryBudget {
  return { balance: LARGEST_BALANCE };
}

export function onRequest(budget: RetryBudget): void {
  if (budget.balance < LARGEST_BALANCE) budget.balance += SHARE;
}

/** Pays for one retry; false when the budget is spent. */
export function tryConsume(budget: RetryBudget): boolean {
  if (budget.balance < 1) return false;
  budget.balance -= 1;
  return true;
}
