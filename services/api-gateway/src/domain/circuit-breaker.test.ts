import { describe, expect, test } from 'vitest';
import {
  circuitState,
  endProbeWithoutResult,
  newCircuitBreaker,
  recordAnswer,
  recordConnectFailure,
  recordFailure,
  recordOverloaded,
} from './circuit-breaker.ts';

/** A request whose result came as soon as it was sent. */
const at = (now: number) => ({ sentAt: now, now });

describe('breaker of an address', () => {
  test('one of several is set aside by the first refused connection, for longer each time', () => {
    const breaker = newCircuitBreaker();
    recordConnectFailure(breaker, { ...at(1000), isOnly: false });
    expect(circuitState(breaker, 1001)).toBe('open');
    expect(circuitState(breaker, 1250)).toBe('half-open');
    breaker.probing = true;
    expect(circuitState(breaker, 1251)).toBe('open');
    recordConnectFailure(breaker, { ...at(1260), isOnly: false });
    expect(circuitState(breaker, 1260 + 499)).toBe('open');
    expect(circuitState(breaker, 1260 + 500)).toBe('half-open');
  });

  test('a lone address takes five refusals in a row', () => {
    const breaker = newCircuitBreaker();
    for (let i = 0; i < 4; i++) recordConnectFailure(breaker, { ...at(1000), isOnly: true });
    expect(circuitState(breaker, 1000)).toBe('closed');
    recordAnswer(breaker, { ...at(1000), closing: false });
    for (let i = 0; i < 4; i++) recordConnectFailure(breaker, { ...at(1000), isOnly: true });
    expect(circuitState(breaker, 1000)).toBe('closed');
    recordConnectFailure(breaker, { ...at(1000), isOnly: true });
    expect(circuitState(breaker, 1000)).toBe('open');
  });

  test('requests that were in flight together and fail open it once, however late they report it', () => {
    const [refused, lost] = [newCircuitBreaker(), newCircuitBreaker()];
    for (let now = 1000; now < 2000; now += 20) {
      recordConnectFailure(refused, { sentAt: 900, now, isOnly: false });
      recordFailure(lost, { sentAt: 900, now });
    }
    expect(refused).toMatchObject({ openedAt: 1000, openUntil: 1250, openFor: 500 });
    expect(lost).toMatchObject({ openedAt: 1140, openUntil: 1390, openFor: 500 });
  });

  test('the result of a request that was sent before it opened ends no probe', () => {
    const breaker = newCircuitBreaker();
    recordConnectFailure(breaker, { ...at(1000), isOnly: false });
    breaker.probing = true;
    recordFailure(breaker, { sentAt: 990, now: 1300 });
    recordConnectFailure(breaker, { sentAt: 990, now: 1300, isOnly: false });
    expect({ probing: breaker.probing, openFor: breaker.openFor }).toEqual({ probing: true, openFor: 500 });
    recordAnswer(breaker, { sentAt: 990, now: 1300, closing: false });
    expect(circuitState(breaker, 1300)).toBe('open');
    recordAnswer(breaker, { sentAt: 1260, now: 1310, closing: false });
    expect(circuitState(breaker, 1310)).toBe('closed');
  });

  test('half of the requests failing opens it, a few among many do not', () => {
    const sick = newCircuitBreaker();
    const well = newCircuitBreaker();
    for (let i = 0; i < 20; i++) {
      recordFailure(sick, at(20_000 + i));
      recordAnswer(sick, { ...at(20_000 + i), closing: false });
      for (let k = 0; k < 5; k++) recordAnswer(well, { ...at(20_000 + i), closing: false });
      recordFailure(well, at(20_000 + i));
    }
    expect(circuitState(sick, 20_020)).toBe('open');
    expect(circuitState(well, 20_020)).toBe('closed');
  });

  test('an answer closes it, and what comes back is tried again at once', () => {
    const breaker = newCircuitBreaker();
    recordConnectFailure(breaker, { ...at(1000), isOnly: false });
    breaker.probing = true;
    recordAnswer(breaker, { ...at(1300), closing: false });
    expect(circuitState(breaker, 1300)).toBe('closed');
    expect(breaker.openFor).toBe(250);
  });

  test('a probe whose client disconnects has no result; the next request is the probe', () => {
    const breaker = newCircuitBreaker();
    recordConnectFailure(breaker, { ...at(1000), isOnly: false });
    breaker.probing = true;
    endProbeWithoutResult(breaker);
    expect(circuitState(breaker, 1300)).toBe('half-open');
  });

  test('three closed connections in a row are a drain, one now and then is not', () => {
    const breaker = newCircuitBreaker();
    recordAnswer(breaker, { ...at(1000), closing: true });
    recordAnswer(breaker, { ...at(1000), closing: true });
    recordAnswer(breaker, { ...at(1000), closing: false });
    recordAnswer(breaker, { ...at(1000), closing: true });
    recordAnswer(breaker, { ...at(1000), closing: true });
    expect(circuitState(breaker, 1000)).toBe('closed');
    recordAnswer(breaker, { ...at(1000), closing: true });
    expect(circuitState(breaker, 1000)).toBe('avoided');
    expect(circuitState(breaker, 3000)).toBe('closed');
  });

  test('one that says 503 is avoided for a while', () => {
    const breaker = newCircuitBreaker();
    recordOverloaded(breaker, 1000);
    expect(circuitState(breaker, 1001)).toBe('avoided');
  });

  test('with no other to go to, one is tried again soon however often it has failed', () => {
    const breaker = newCircuitBreaker();
    for (const now of [1000, 2000, 4000]) {
      recordConnectFailure(breaker, { ...at(now), isOnly: false });
      breaker.probing = true;
    }
    breaker.probing = false;
    expect(circuitState(breaker, 4200, false)).toBe('open');
    expect(circuitState(breaker, 4099, true)).toBe('open');
    expect(circuitState(breaker, 4100, true)).toBe('half-open');
  });
});
