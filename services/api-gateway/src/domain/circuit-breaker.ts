/**
 * The circuit breaker of one address of a service: closed, open or half-open, by the answers that the address gave. All times are
 * milliseconds of a clock that the caller reads.
 */
export type CircuitBreaker = {
  /** Connections refused or timed out since the last answer. */
  refusals: number;
  /** Asked and failed since `since`, for the failure rate. */
  since: number;
  asked: number;
  failed: number;
  /** Nothing is sent here until then; 0 when closed. */
  openUntil: number;
  /** When it was opened last. */
  openedAt: number;
  /** How long it stays open the next time. */
  openFor: number;
  /** Half-open: one request is finding out. */
  probing: boolean;
  /** Draining or overloaded: used only when there is no other. */
  avoidUntil: number;
  /** Answers in a row that closed their connection. */
  closings: number;
};

const SHORTEST_OPEN = 250;
const LONGEST_OPEN = 4_000;
/** However often it has failed, it is tried again so soon when there is no other to go to. */
const OPEN_WITHOUT_ALTERNATIVE = 100;
const WINDOW = 10_000;
const FEWEST_FAILURES = 8;
const FAILURE_RATE = 0.5;
/** A lone address may stand for several instances (a cluster's virtual address), of which one is going away. */
const REFUSALS_OF_A_LONE_ADDRESS = 5;
const CLOSINGS_OF_A_DRAIN = 3;
const AVOID_FOR = 1_500;

export function newCircuitBreaker(): CircuitBreaker {
  return {
    refusals: 0,
    since: 0,
    asked: 0,
    failed: 0,
    openUntil: 0,
    openedAt: 0,
    openFor: SHORTEST_OPEN,
    probing: false,
    avoidUntil: 0,
    closings: 0,
  };
}

export type CircuitState = 'good' | 'avoided' | 'trial-due' | 'out';

/** `scarce`: no address is in good standing, so that one which is set aside is tried again sooner. */
export function circuitState(breaker: CircuitBreaker, now: number, scarce = false): CircuitState {
  if (breaker.openUntil !== 0) {
    const due = scarce ? Math.min(breaker.openUntil, breaker.openedAt + OPEN_WITHOUT_ALTERNATIVE) : breaker.openUntil;
    return now >= due && !breaker.probing ? 'trial-due' : 'out';
  }
  return breaker.avoidUntil > now ? 'avoided' : 'good';
}

/** It was opened for the first time since it last answered: whether it stays away is not known yet. */
export function isNewlyOpen(breaker: CircuitBreaker): boolean {
  return breaker.openUntil !== 0 && breaker.openFor <= 2 * SHORTEST_OPEN;
}

/** An answer came, of whatever status. `closing`: with `Connection: close`, as a draining instance sends it. */
export function recordAnswer(breaker: CircuitBreaker, now: number, closing: boolean): void {
  breaker.refusals = 0;
  // Only a trial closes it: a process that accepts no connections any more goes on answering those it has.
  if (breaker.probing) close(breaker, now);
  count(breaker, now, false);
  if (!closing) {
    breaker.closings = 0;
  } else if (++breaker.closings >= CLOSINGS_OF_A_DRAIN) {
    breaker.avoidUntil = now + AVOID_FOR;
  }
}

/** It said 503: it is there, but wants less. */
export function recordOverloaded(breaker: CircuitBreaker, now: number): void {
  breaker.avoidUntil = now + AVOID_FOR;
}

/** No connection. With other addresses to go to it is set aside at once. */
export function recordConnectFailure(breaker: CircuitBreaker, now: number, lone: boolean): void {
  breaker.refusals += 1;
  if (breaker.probing || !lone || breaker.refusals >= REFUSALS_OF_A_LONE_ADDRESS) open(breaker, now);
}

/** The connection was lost, or no answer came in time. */
export function recordFailure(breaker: CircuitBreaker, now: number): void {
  count(breaker, now, true);
  if (breaker.probing || (breaker.failed >= FEWEST_FAILURES && breaker.failed >= breaker.asked * FAILURE_RATE)) {
    open(breaker, now);
  }
}

/** The request that was to find out has ended without an answer to that: its client went away. */
export function endProbeWithoutResult(breaker: CircuitBreaker): void {
  breaker.probing = false;
}

function count(breaker: CircuitBreaker, now: number, failure: boolean): void {
  if (now - breaker.since > WINDOW) {
    breaker.since = now;
    breaker.asked = 0;
    breaker.failed = 0;
  }
  breaker.asked += 1;
  if (failure) breaker.failed += 1;
}

function open(breaker: CircuitBreaker, now: number): void {
  // The requests that were in flight when it opened all report the same failure: it opens, and lengthens, once.
  if (breaker.openUntil > now && !breaker.probing) return;
  breaker.openedAt = now;
  breaker.openUntil = now + breaker.openFor;
  breaker.openFor = Math.min(breaker.openFor * 2, LONGEST_OPEN);
  breaker.probing = false;
}

function close(breaker: CircuitBreaker, now: number): void {
  breaker.openUntil = 0;
  breaker.openFor = SHORTEST_OPEN;
  breaker.probing = false;
  breaker.since = now;
  breaker.asked = 0;
  breaker.failed = 0;
}
