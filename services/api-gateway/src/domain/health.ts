/**
 * What the gateway has seen of one address of a service, from the answers it gave: a circuit breaker, closed, open
 * or half-open. All times are milliseconds of a clock that the caller reads.
 */
export type Health = {
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
  trial: boolean;
  /** Draining or overloaded: used only when there is no other. */
  avoidUntil: number;
  /** Answers in a row that closed their connection. */
  closings: number;
};

const SHORTEST_OPEN = 250;
const LONGEST_OPEN = 4_000;
/** However often it has failed, it is tried again so soon when there is no other to go to. */
const SCARCE_OPEN = 100;
const WINDOW = 10_000;
const FEWEST_FAILURES = 8;
const FAILURE_RATE = 0.5;
/** A lone address may stand for several instances (a cluster's virtual address), of which one is going away. */
const REFUSALS_OF_A_LONE_ADDRESS = 5;
const CLOSINGS_OF_A_DRAIN = 3;
const AVOID_FOR = 1_500;

export function newHealth(): Health {
  return {
    refusals: 0,
    since: 0,
    asked: 0,
    failed: 0,
    openUntil: 0,
    openedAt: 0,
    openFor: SHORTEST_OPEN,
    trial: false,
    avoidUntil: 0,
    closings: 0,
  };
}

export type Standing = 'good' | 'avoided' | 'trial-due' | 'out';

/** `scarce`: no address is in good standing, so that one which is set aside is tried again sooner. */
export function standing(health: Health, now: number, scarce = false): Standing {
  if (health.openUntil !== 0) {
    const due = scarce ? Math.min(health.openUntil, health.openedAt + SCARCE_OPEN) : health.openUntil;
    return now >= due && !health.trial ? 'trial-due' : 'out';
  }
  return health.avoidUntil > now ? 'avoided' : 'good';
}

/** It was opened for the first time since it last answered: whether it stays away is not known yet. */
export function isNewlyOpen(health: Health): boolean {
  return health.openUntil !== 0 && health.openFor <= 2 * SHORTEST_OPEN;
}

/** An answer came, of whatever status. `closing`: with `Connection: close`, as a draining instance sends it. */
export function answered(health: Health, now: number, closing: boolean): void {
  health.refusals = 0;
  // Only a trial closes it: a process that accepts no connections any more goes on answering those it has.
  if (health.trial) close(health, now);
  count(health, now, false);
  if (!closing) {
    health.closings = 0;
  } else if (++health.closings >= CLOSINGS_OF_A_DRAIN) {
    health.avoidUntil = now + AVOID_FOR;
  }
}

/** It said 503: it is there, but wants less. */
export function turnedAway(health: Health, now: number): void {
  health.avoidUntil = now + AVOID_FOR;
}

/** No connection. With other addresses to go to it is set aside at once. */
export function refused(health: Health, now: number, lone: boolean): void {
  health.refusals += 1;
  if (health.trial || !lone || health.refusals >= REFUSALS_OF_A_LONE_ADDRESS) open(health, now);
}

/** The connection was lost, or no answer came in time. */
export function failed(health: Health, now: number): void {
  count(health, now, true);
  if (health.trial || (health.failed >= FEWEST_FAILURES && health.failed >= health.asked * FAILURE_RATE)) {
    open(health, now);
  }
}

/** The request that was to find out has ended without an answer to that: its client went away. */
export function undecided(health: Health): void {
  health.trial = false;
}

function count(health: Health, now: number, failure: boolean): void {
  if (now - health.since > WINDOW) {
    health.since = now;
    health.asked = 0;
    health.failed = 0;
  }
  health.asked += 1;
  if (failure) health.failed += 1;
}

function open(health: Health, now: number): void {
  // The requests that were in flight when it opened all report the same failure: it opens, and lengthens, once.
  if (health.openUntil > now && !health.trial) return;
  health.openedAt = now;
  health.openUntil = now + health.openFor;
  health.openFor = Math.min(health.openFor * 2, LONGEST_OPEN);
  health.trial = false;
}

function close(health: Health, now: number): void {
  health.openUntil = 0;
  health.openFor = SHORTEST_OPEN;
  health.trial = false;
  health.since = now;
  health.asked = 0;
  health.failed = 0;
}
