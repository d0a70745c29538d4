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

describe('breaker of an address', () => {
  test('one of several is set aside by the first refused connection, for longer each time', () => {
    const breaker = newCircuitBreaker();
    recordConnectFailure(breaker, 1000, false);
    expect(circuitState(breaker, 1001)).toBe('open');
    expect(circuitState(breaker, 1250)).toBe('half-open');
    breaker.probing = true;
    expect(circuitState(breaker, 1251)).toBe('open');
    recordConnectFailure(breaker, 1260, false);
    expect(circuitState(breaker, 1260 + 499)).toBe('open');
    expect(circuitState(breaker, 1260 + 500)).toBe('half-open');
  });

  test('a lone address takes five refusals in a row', () => {
    const breaker = newCircuitBreaker();
    for (let i = 0; i < 4; i++) recordConnectFailure(breaker, 1000, true);
    expect(circuitState(breaker, 1000)).toBe('closed');
    recordAnswer(breaker, 1000, false);
    for (let i = 0; i < 4; i++) recordConnectFailure(breaker, 1000, true);
    expect(circuitState(breaker, 1000)).toBe('closed');
    recordConnectFailure(breaker, 1000, true);
    expect(circuitState(breaker, 1000)).toBe('open');
  });

  test('many requests failing at the same moment open it once', () => {
    const breaker = newCircuitBreaker();
    for (let i = 0; i < 50; i++) recordConnectFailure(breaker, 1000, false);
    expect(breaker.openUntil).toBe(1250);
  });

  test('half of the requests failing opens it, a few among many do not', () => {
    const sick = newCircuitBreaker();
    const well = newCircuitBreaker();
    for (let i = 0; i < 20; i++) {
      recordFailure(sick, 20_000 + i);
      recordAnswer(sick, 20_000 + i, false);
      for (let k = 0; k < 5; k++) recordAnswer(well, 20_000 + i, false);
      recordFailure(well, 20_000 + i);
    }
    expect(circuitState(sick, 20_020)).toBe('open');
    expect(circuitState(well, 20_020)).toBe('closed');
  });

  test('an answer closes it, and what comes back is tried again at once', () => {
    const breaker = newCircuitBreaker();
    recordConnectFailure(breaker, 1000, false);
    breaker.probing = true;
    recordAnswer(breaker, 1300, false);
    expect(circuitState(breaker, 1300)).toBe('closed');
    expect(breaker.openFor).toBe(250);
  });

  test('a probe whose client disconnects has no result; the next request is the probe', () => {
    const breaker = newCircuitBreaker();
    recordConnectFailure(breaker, 1000, false);
    breaker.probing = true;
    endProbeWithoutResult(breaker);
    expect(circuitState(breaker, 1300)).toBe('half-open');
  });

  test('three closed connections in a row are a drain, one now and then is not', () => {
    const breaker = newCircuitBreaker();
    recordAnswer(breaker, 1000, true);
    recordAnswer(breaker, 1000, true);
    recordAnswer(breaker, 1000, false);
    recordAnswer(breaker, 1000, true);
    recordAnswer(breaker, 1000, true);
    expect(circuitState(breaker, 1000)).toBe('closed');
    recordAnswer(breaker, 1000, true);
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
    for (const at of [1000, 2000, 4000]) {
      recordConnectFailure(breaker, at, false);
      breaker.probing = true;
    }
    breaker.probing = false;
    expect(circuitState(breaker, 4200, false)).toBe('open');
    expect(circuitState(breaker, 4099, true)).toBe('open');
    expect(circuitState(breaker, 4100, true)).toBe('half-open');
  });
});
