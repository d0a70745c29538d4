/**
 * The circuit breaker of one address of a service. Closed: requests are sent. Open: no request is sent until `openUntil`. Half-open:
 * one request, the probe, is sent; its result closes or opens the circuit. Connect failures open it, or a high failure rate. An
 * address that is draining or overloaded is `avoided`: it is used when there is no other. All times are milliseconds of a clock
 * that the caller reads.
 */
export type CircuitBreaker = {
  /** Connections refused or timed out since the last response. */
  connectFailures: number;
  /** Requests and failures since `since`, for the failure rate. */
  since: number;
  requests: number;
  failures: number;
  /** Nothing is sent here until then; 0 when closed. */
  openUntil: number;
  /** The time of the last opening. */
  openedAt: number;
  /** How long it stays open the next time. */
  openFor: number;
  /** Half-open: the probe is in flight. */
  probing: boolean;
  /** Draining or overloaded: used only when there is no other. */
  avoidUntil: number;
  /** Responses in a row with `Connection: close`. */
  closings: number;
};

const SHORTEST_OPEN = 250;
const LONGEST_OPEN = 4_000;
/** The pause before the next probe when no other address is usable. */
const OPEN_WITHOUT_ALTERNATIVE = 100;
const WINDOW = 10_000;
const FEWEST_FAILURES = 8;
const FAILURE_RATE = 0.5;
/** A single address may stand for several instances (a cluster's virtual address), of which one shuts down. */
const CONNECT_FAILURES_OF_AN_ONLY_ADDRESS = 5;
const CLOSINGS_OF_A_DRAIN = 3;
const AVOID_FOR = 1_500;

export function newCircuitBreaker(): CircuitBreaker {
  return {
    connectFailures: 0,
    since: 0,
    requests: 0,
    failures: 0,
    openUntil: 0,
    openedAt: 0,
    openFor: SHORTEST_OPEN,
    probing: false,
    avoidUntil: 0,
    closings: 0,
  };
}

export type CircuitState = 'closed' | 'avoided' | 'half-open' | 'open';

/** `noAlternative`: the circuit of every address is open, so a probe is due sooner. */
export function circuitState(breaker: CircuitBreaker, now: number, noAlternative = false): CircuitState {
  if (breaker.openUntil !== 0) {
    const due = noAlternative
      ? Math.min(breaker.openUntil, breaker.openedAt + OPEN_WITHOUT_ALTERNATIVE)
      : breaker.openUntil;
    return now >= due && !breaker.probing ? 'half-open' : 'open';
  }
  return breaker.avoidUntil > now ? 'avoided' : 'closed';
}

/** Opened for the first time since the last response: it may be a short disturbance. */
export function isNewlyOpen(breaker: CircuitBreaker): boolean {
  return breaker.openUntil !== 0 && breaker.openFor <= 2 * SHORTEST_OPEN;
}

/** When the request was sent, and when its result came. */
type Times = { sentAt: number; now: number };

/**
 * It was sent before the circuit opened, so that its result says nothing of the time since. Its failure is part of what opened the
 * circuit: requests that were in flight together may report it much later than each other where a process gets little CPU.
 */
const isStale = (breaker: CircuitBreaker, sentAt: number): boolean => sentAt <= breaker.openedAt;

/** A response arrived, of any status. `closing`: with `Connection: close`, which a draining instance sends. */
export function recordAnswer(breaker: CircuitBreaker, { sentAt, now, closing }: Times & { closing: boolean }): void {
  breaker.connectFailures = 0;
  // Only the probe closes it: a process that accepts no new connections goes on responding on the open ones.
  if (breaker.probing && !isStale(breaker, sentAt)) close(breaker, now);
  count(breaker, now, false);
  if (!closing) {
    breaker.closings = 0;
  } else if (++breaker.closings >= CLOSINGS_OF_A_DRAIN) {
    breaker.avoidUntil = now + AVOID_FOR;
  }
}

/** It responded 503: it is overloaded or draining. */
export function recordOverloaded(breaker: CircuitBreaker, now: number): void {
  breaker.avoidUntil = now + AVOID_FOR;
}

/** The connection failed. Opens at once when there are other addresses. */
export function recordConnectFailure(breaker: CircuitBreaker, o: Times & { isOnly: boolean }): void {
  const { sentAt, now, isOnly } = o;
  if (isStale(breaker, sentAt)) return;
  breaker.connectFailures += 1;
  if (breaker.probing || !isOnly || breaker.connectFailures >= CONNECT_FAILURES_OF_AN_ONLY_ADDRESS) open(breaker, now);
}

/** The connection was lost, or the response timed out. */
export function recordFailure(breaker: CircuitBreaker, { sentAt, now }: Times): void {
  if (isStale(breaker, sentAt)) return;
  count(breaker, now, true);
  if (breaker.probing || (breaker.failures >= FEWEST_FAILURES && breaker.failures >= breaker.requests * FAILURE_RATE)) {
    open(breaker, now);
  }
}

/** The probe ended without a result: its client disconnected. */
export function endProbeWithoutResult(breaker: CircuitBreaker): void {
  breaker.probing = false;
}

function count(breaker: CircuitBreaker, now: number, failure: boolean): void {
  if (now - breaker.since > WINDOW) {
    breaker.since = now;
    breaker.requests = 0;
    breaker.failures = 0;
  }
  breaker.requests += 1;
  if (failure) breaker.failures += 1;
}

function open(breaker: CircuitBreaker, now: number): void {
  // Requests that were sent beside a probe report the failure of the probe: the circuit opens, and its pause doubles, once.
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
  breaker.requests = 0;
  breaker.failures = 0;
}
