import {
  OPERATOR_PERMISSION_EXTENSION,
  PERMISSION_EXTENSION,
  permissions,
  readyMadeRoles,
  type StaffRole,
} from '@tradepost/contracts/permissions';
import { type Answer, sendRequest } from '@tradepost/testing/shopper';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Asker, askersOf, type Name } from './people.ts';
import { messageFor, parametersFor, queryFor } from './requests.ts';
import { leaks, type Secret, secretsOf } from './secrets.ts';
import { type AccessFixtures, createAccessFixtures, streamOf } from './subjects.ts';
import { type Row, table } from './table.ts';

/**
 * Walks the table of roles, routes and subjects: everybody tries every operation on what is theirs, another's, and partly theirs, with a session
 * and with an API key. The status is compared with the table, and the whole answer with what they may read (`secrets.ts`).
 */
type Documented = { operationId: string; [PERMISSION_EXTENSION]?: string; [OPERATOR_PERMISSION_EXTENSION]?: string };

let fixtures: AccessFixtures;
let secrets: Secret[];
type Operation = { method: string; path: string; permission: unknown; operatorPermission: unknown };
let routes: Map<string, Operation>;

beforeAll(async () => {
  fixtures = await createAccessFixtures();
  secrets = secretsOf(fixtures);
  const { body } = await sendRequest(fixtures.shop.site, 'GET', '/openapi.json');
  routes = new Map();
  for (const [path, methods] of Object.entries<Record<string, Documented>>(body.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const permission = operation[PERMISSION_EXTENSION];
      const operatorPermission = operation[OPERATOR_PERMISSION_EXTENSION];
      routes.set(operation.operationId, { method: method.toUpperCase(), path, permission, operatorPermission });
    }
  }
});
afterAll(() => fixtures?.shop.stop());

/** What an asker is to be answered: a status, or `may` for any that shows that they may. */
function expected(row: Row, { who, by }: Asker): number | 'may' {
  if (who === 'banned') return by === 'key' && row.keys !== undefined ? row.keys : row.banned;
  if (who === 'anonymous') return row.may.includes(who) ? 'may' : row.anonymous;
  if (by === 'key' && row.keys !== undefined) return row.keys;
  if (row.may.includes(who)) return 'may';
  return row.forbidden.includes(who) ? 403 : row.refused;
}

async function request(row: Row, asker: Asker): Promise<{ answer: Answer; path: string; sent: string }> {
  const route = routes.get(row.operation);
  if (!route) throw new Error(`The API has no operation ${row.operation}`);
  const isFresh = row.fresh !== undefined && expected(row, asker) === 'may' && asker.by === 'session';
  // as: such rows are about orders.
  const kind = row.subject as 'mixed' | 'alices' | 'bobs';
  const fresh = isFresh ? await fixtures.buy(kind) : undefined;
  if (fresh && row.fresh === 'sent') await fixtures.sendAll(kind, fresh);
  const parameters = parametersFor(fixtures, row.subject, fresh);
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? `no-${name}`);
  const message = messageFor(fixtures, row.operation, asker);
  const headers = { ...message.headers, ...asker.headers };
  const query = queryFor(fixtures, row.operation, asker);
  const answer = await sendRequest(fixtures.shop.site, route.method, path + query, { ...message, headers });
  return { answer, path, sent: JSON.stringify([path, query, message, asker.headers]) };
}

/** What is wrong with an answer; null where nothing is. */
function problemOfRow(
  row: Row,
  asker: Asker,
  { answer, path, sent }: Awaited<ReturnType<typeof request>>,
): string | null {
  const wanted = expected(row, asker);
  const isOk = answer.status < 400 || row.alsoOk.includes(answer.status);
  const isAsSaid = wanted === 'may' ? isOk : answer.status === wanted;
  const leaked = leaks(secrets, { asker, path, sent, answer: answer.body });
  if (isAsSaid && leaked.length === 0) return null;
  const name = `${asker.who} by ${asker.by}`;
  return `${name}: ${answer.status} ${answer.body?.code ?? ''}, not ${wanted}${leaked.length > 0 ? `; tells ${leaked.join(' | ')}` : ''}`;
}

describe('the table', () => {
  it('has a row for each operation of the API, and no other', () => {
    const named = new Set(table.map(({ operation }) => operation));
    expect([...routes.keys()].filter((operation) => !named.has(operation))).toEqual([]);
    expect([...named].filter((operation) => !routes.has(operation))).toEqual([]);
  });

  it('gives operators what the permission that an operation declares gives them, and nothing else', () => {
    const wrong: string[] = [];
    for (const row of table) {
      const { path, permission, operatorPermission } = routes.get(row.operation) ?? {};
      const declared = permission ?? operatorPermission;
      if (/^\/api\/v1\/(auth\/)?admin\//.test(path ?? '') && permission === undefined)
        wrong.push(`${path} declares none`);
      const may = (who: Name) => row.may.includes(who);
      // What a stranger may do, all may; what only its customer may, no operator may.
      if (may('stranger') || (declared === undefined && !may('admin'))) continue;
      for (const [who, { permissions }] of operators) {
        if (may(who) !== permissions.some((one) => one === declared))
          wrong.push(`${row.operation}: ${who}, ${declared}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

/** The operators among the people, with what they hold. */
const operators: readonly [Name, StaffRole][] = [
  ['admin', { name: 'Admin', permissions }],
  ['packer', readyMadeRoles.packer],
  ['support', readyMadeRoles.support],
  ['bookkeeper', readyMadeRoles.bookkeeper],
  ['cataloguer', readyMadeRoles['catalogue-manager']],
];

describe('everybody is answered what is theirs', () => {
  it.each(['mixed', 'alices', 'bobs'] as const)(
    'the stream of events, %s',
    async (kind) => {
      const row = table.find(({ operation, subject }) => operation === 'getOrderEvents' && subject === kind);
      const problems: string[] = [];
      for (const asker of askersOf(fixtures.people)) {
        const path = `/api/v1/orders/${fixtures.orders[kind]}/events`;
        const answer = await streamOf(fixtures, fixtures.orders[kind], asker.headers);
        const leaked = leaks(secrets, { asker, path, sent: JSON.stringify([path, asker.headers]), answer });
        if (leaked.length > 0) problems.push(`${asker.who} by ${asker.by} is told ${leaked.join(' | ')}`);
        const isTold = answer.includes('event: payment_captured');
        if (isTold !== (row?.may.includes(asker.who) ?? false)) problems.push(`${asker.who} by ${asker.by}: ${isTold}`);
      }
      expect(problems).toEqual([]);
    },
    120_000,
  );

  it.each(table)(
    '$operation, $subject',
    async (row) => {
      const problems: string[] = [];
      for (const asker of askersOf(fixtures.people)) {
        // What uses its subject up is tried by those who may with a session only; a key is no different.
        if (row.fresh && asker.by === 'key' && expected(row, asker) === 'may') continue;
        const found = problemOfRow(row, asker, await request(row, asker));
        if (found) problems.push(found);
      }
      expect(problems).toEqual([]);
    },
    120_000,
  );
});
