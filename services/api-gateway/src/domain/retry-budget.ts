/**
 * How far a request had come when it failed:
 * - `unreached`: no connection; not a byte was sent, so nothing can have been done
 * - `unanswered`: sent, wholly or in part, and the connection was lost before the first byte of an answer
 * - `turned-away`: answered 503 by an instance that is draining or overloaded
 * - `late`: no answer in time; the service may still be at work
 * - `broken`: the answer began and broke off, or was not HTTP
 */
export type Stage = 'unreached' | 'unanswered' | 'turned-away' | 'late' | 'broken';

export type Attempted = {
  stage: Stage;
  /** How often it has been tried, this time included. */
  attempts: number;
  /** Sent twice, it has the effect of once. */
  idempotent: boolean;
  /** The body can be sent again: there is none, it is buffered, or nothing of it has been read. */
  bodyReplayable: boolean;
};

const MAX_ATTEMPTS = 3;

/**
 * Whether a failed request may be sent again. `unreached` costs the service behind nothing, so the budget of
 * retries is only asked for the rest (see `withdraw`).
 */
export function mayRetry({ stage, attempts, idempotent, bodyReplayable }: Attempted): boolean {
  if (attempts >= MAX_ATTEMPTS || !bodyReplayable) return false;
  switch (stage) {
    case 'unreached':
      return true;
    case 'unanswered':
      return idempotent;
    case 'turned-away':
      return idempotent && attempts < 2;
    default:
      return false;
  }
}

/** Lets retries be a share of the requests, so that they do not double the load of a service that is failing. */
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
