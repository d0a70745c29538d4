import { describe, expect, test } from 'vitest';
import { answered, failed, newHealth, refused, standing, turnedAway, undecided } from './health.ts';

describe('health of an address', () => {
  test('one of several is set aside by the first refused connection, for longer each time', () => {
    const health = newHealth();
    refused(health, 1000, false);
    expect(standing(health, 1001)).toBe('out');
    expect(standing(health, 1250)).toBe('trial-due');
    health.trial = true;
    expect(standing(health, 1251)).toBe('out');
    refused(health, 1260, false);
    expect(standing(health, 1260 + 499)).toBe('out');
    expect(standing(health, 1260 + 500)).toBe('trial-due');
  });

  test('a lone address takes five refusals in a row', () => {
    const health = newHealth();
    for (let i = 0; i < 4; i++) refused(health, 1000, true);
    expect(standing(health, 1000)).toBe('good');
    answered(health, 1000, false);
    for (let i = 0; i < 4; i++) refused(health, 1000, true);
    expect(standing(health, 1000)).toBe('good');
    refused(health, 1000, true);
    expect(standing(health, 1000)).toBe('out');
  });

  test('many requests failing at the same moment open it once', () => {
    const health = newHealth();
    for (let i = 0; i < 50; i++) refused(health, 1000, false);
    expect(health.openUntil).toBe(1250);
  });

  test('half of the requests failing opens it, a few among many do not', () => {
    const sick = newHealth();
    const well = newHealth();
    for (let i = 0; i < 20; i++) {
      failed(sick, 20_000 + i);
      answered(sick, 20_000 + i, false);
      for (let k = 0; k < 5; k++) answered(well, 20_000 + i, false);
      failed(well, 20_000 + i);
    }
    expect(standing(sick, 20_020)).toBe('out');
    expect(standing(well, 20_020)).toBe('good');
  });

  test('an answer closes it, and what comes back is tried again at once', () => {
    const health = newHealth();
    refused(health, 1000, false);
    health.trial = true;
    answered(health, 1300, false);
    expect(standing(health, 1300)).toBe('good');
    expect(health.openFor).toBe(250);
  });

  test('a trial whose client left decides nothing and lets the next one try', () => {
    const health = newHealth();
    refused(health, 1000, false);
    health.trial = true;
    undecided(health);
    expect(standing(health, 1300)).toBe('trial-due');
  });

  test('three closed connections in a row are a drain, one now and then is not', () => {
    const health = newHealth();
    answered(health, 1000, true);
    answered(health, 1000, true);
    answered(health, 1000, false);
    answered(health, 1000, true);
    answered(health, 1000, true);
    expect(standing(health, 1000)).toBe('good');
    answered(health, 1000, true);
    expect(standing(health, 1000)).toBe('avoided');
    expect(standing(health, 3000)).toBe('good');
  });

  test('one that says 503 is avoided for a while', () => {
    const health = newHealth();
    turnedAway(health, 1000);
    expect(standing(health, 1001)).toBe('avoided');
  });

  test('with no other to go to, one is tried again soon however often it has failed', () => {
    const health = newHealth();
    for (const at of [1000, 2000, 4000]) {
      refused(health, at, false);
      health.trial = true;
    }
    health.trial = false;
    expect(standing(health, 4200, false)).toBe('out');
    expect(standing(health, 4099, true)).toBe('out');
    expect(standing(health, 4100, true)).toBe('trial-due');
  });
});
