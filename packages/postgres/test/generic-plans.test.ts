import { emptyDatabase, type TestDatabase } from '@tradepost/testing/postgres';
import { poolLimitsForSlowMachines } from '@tradepost/testing/time-limits';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Db, sql } from '../src/db.ts';
import { createPool, type Pool } from '../src/pool.ts';
import { failure } from './failure.ts';
import { recordingLog } from './log.ts';

let db: TestDatabase;
/** Of one connection, so that each statement meets the session as the one before has left it. */
let pool: Pool;

beforeAll(async () => {
  db = await emptyDatabase();
  const { log } = recordingLog();
  pool = createPool({ url: db.url, name: 'plans-test', max: 1, log, ...poolLimitsForSlowMachines });
});
afterAll(async () => {
  await pool.end();
  await db.drop();
});

const text = `select current_setting('plan_cache_mode') as mode, 1 / $1::int as one`;
const usual = sql('test.usual-plan', text);
const generic = sql('test.generic-plan', text, { genericPlan: true });
const modeOf = async (on: Db, statement: ReturnType<typeof usual>) =>
  (await on.query<{ mode: string }>(statement)).rows[0]?.mode;

test('each statement is planned as it was declared, whatever ran before it on the connection', async () => {
  const modes: unknown[] = [];
  for (const statement of [usual, generic, generic, usual, usual, generic])
    modes.push(await modeOf(pool, statement([1])));
  const [auto, force] = ['auto', 'force_generic_plan'];
  expect(modes).toEqual([auto, force, force, auto, auto, force]);
});

test('a statement that fails changes nothing for the next', async () => {
  for (const [before, failing] of [
    [usual, generic],
    [generic, usual],
  ] as const) {
    await modeOf(pool, before([1]));
    expect(await failure(pool.query(failing([0])))).toMatchObject({ code: '22012' });
    expect(await modeOf(pool, before([1]))).toBe(before === usual ? 'auto' : 'force_generic_plan');
    expect(await modeOf(pool, failing([1]))).toBe(before === usual ? 'force_generic_plan' : 'auto');
  }
});

test('all statements of a transaction are planned generically, and the session stays as it was', async () => {
  for (const [before, expected] of [
    [usual, 'auto'],
    [generic, 'force_generic_plan'],
  ] as const) {
    await modeOf(pool, before([1]));
    const inside = await pool.transaction((tx) => Promise.all([modeOf(tx, usual([1])), modeOf(tx, generic([1]))]));
    expect(inside).toEqual(['force_generic_plan', 'force_generic_plan']);
    expect(await modeOf(pool, before([1]))).toBe(expected);
  }
});

test('what must run alone does so on a session that plans generically', async () => {
  await modeOf(pool, generic([1]));
  await pool.query({ text: 'vacuum pg_class' });
});

test('the server makes no plan for each call', async () => {
  const byKey = sql('test.by-key', 'select relname from pg_class where oid = any($1::oid[])', { genericPlan: true });
  for (let i = 0; i < 8; i++) await pool.query(byKey([[1, 2, 3]]));
  const { rows } = await pool.query({
    text: `select generic_plans::int as generic, custom_plans::int as custom from pg_prepared_statements where name = 'test.by-key'`,
  });
  expect(rows).toEqual([{ generic: 8, custom: 0 }]);
});
