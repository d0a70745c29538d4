/**
 * Time limits of the tests. They only guard against hanging: a test waits for conditions, and never measures a machine by a
 * clock, so the limits are far above what a slow machine needs. `TEST_TIME_FACTOR` multiplies all of them: 0.1 lets a
 * failing test fail sooner while one works on it. `npm test` measures it (measure-time-factor.ts): it is 4 where a quarter of a core
 * is there.
 */
const factor = Number(process.env.TEST_TIME_FACTOR ?? 1);
if (!(factor > 0))
  throw new Error(`TEST_TIME_FACTOR is ${process.env.TEST_TIME_FACTOR}, and should be a number above 0`);

/** Milliseconds that one test, or one hook such as `beforeAll`, may take. */
export const TEST_LIMIT_MS = 1_200_000 * factor;

/** Milliseconds that a test waits for one condition. */
export const CONDITION_LIMIT_MS = 300_000 * factor;

/** No setting of a service may be larger. */
const LARGEST_SETTING_MS = 3_600_000;

/** A number of milliseconds: as many on a fast machine, more on a slow one. */
export const scaledMs = (milliseconds: number): number =>
  Math.min(LARGEST_SETTING_MS, Math.round(milliseconds * Math.max(1, factor)));

const setting = (milliseconds: number) => String(scaledMs(milliseconds));

/**
 * Settings of a service under test. Its own limits would end work that merely takes long on a slow machine; the tests of
 * these limits set them.
 */
export const settingsForSlowMachines = {
  DATABASE_CONNECT_TIMEOUT_MS: setting(60_000),
  DATABASE_RECOVERY_WAIT_MS: setting(60_000),
  DATABASE_STATEMENT_TIMEOUT_MS: setting(60_000),
  DATABASE_LOCK_TIMEOUT_MS: setting(60_000),
  DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_MS: setting(60_000),
  CATALOGUE_TIMEOUT_MS: setting(60_000),
  MAX_EVENT_LOOP_DELAY_MS: '0',
  MAX_DATABASE_WAIT_MS: '0',
} as const;

/** The same for the gateway, which waits for the services behind it. */
export const gatewaySettingsForSlowMachines = {
  CONNECT_TIMEOUT_MS: setting(30_000),
  UPSTREAM_TIMEOUT_MS: setting(120_000),
  UPSTREAM_WAIT_TIMEOUT_MS: setting(120_000),
} as const;

/**
 * The defaults of the settings above, longer on a slow machine: for tests in which parts are unavailable, and the services are to give up
 * waiting for them.
 */
export const defaultsForSlowMachines = {
  DATABASE_CONNECT_TIMEOUT_MS: setting(3000),
  DATABASE_RECOVERY_WAIT_MS: setting(9000),
  DATABASE_STATEMENT_TIMEOUT_MS: setting(5000),
  DATABASE_LOCK_TIMEOUT_MS: setting(2000),
  CONNECT_TIMEOUT_MS: setting(1000),
  UPSTREAM_TIMEOUT_MS: setting(10_000),
  UPSTREAM_WAIT_TIMEOUT_MS: setting(35_000),
  MAX_EVENT_LOOP_DELAY_MS: setting(1000),
  MAX_DATABASE_WAIT_MS: setting(1000),
} as const;

/** Limits of a pool in a test. They only end what hangs: on a slow machine a statement may wait long, behind many others. */
export const poolLimitsForSlowMachines = {
  maxRecoveryWaiting: 100_000,
  connectTimeoutMs: CONDITION_LIMIT_MS,
  recoveryWaitMs: CONDITION_LIMIT_MS,
  statementTimeoutMs: CONDITION_LIMIT_MS,
  lockTimeoutMs: CONDITION_LIMIT_MS,
  idleInTransactionTimeoutMs: CONDITION_LIMIT_MS,
};
