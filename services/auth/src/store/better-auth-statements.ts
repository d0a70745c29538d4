import { hash } from 'node:crypto';
import type { Statement } from '@tradepost/postgres/db';
import type { CleanedWhere } from 'better-auth/adapters';

/** A condition as better-auth writes it; all of them must hold. */
export type Condition = CleanedWhere;

const comparisons: Readonly<Record<string, string>> = { eq: '=', ne: '<>', lt: '<', lte: '<=', gt: '>', gte: '>=' };

/**
 * The statements that better-auth's models ask for, as prepared ones. Names of tables and columns come from its options,
 * never from a request. What none of the endpoints in use asks for (`or`, `contains` …) is refused rather than guessed.
 */
export function selectRows(
  table: string,
  columns: readonly string[],
  o: {
    where: readonly Condition[];
    join?: { table: string; columns: readonly string[]; from: string; to: string } | undefined;
    sortBy?: { field: string; direction: 'asc' | 'desc' } | undefined;
    limit?: number | undefined;
    offset?: number | undefined;
  },
): Statement {
  const values: unknown[] = [];
  const { join } = o;
  const selected = [columns.map((name) => `t.${quote(name)}`), join?.columns.map((name) => `j.${quote(name)}`) ?? []];
  const parts = [
    `select ${selected.flat().join(', ')} from ${quote(table)} t`,
    join && `left join ${quote(join.table)} j on j.${quote(join.to)} = t.${quote(join.from)}`,
    condition(o.where, values),
    o.sortBy && `order by t.${quote(o.sortBy.field)} ${o.sortBy.direction === 'desc' ? 'desc' : 'asc'}`,
    o.limit !== undefined && `limit $${values.push(o.limit)}`,
    o.offset !== undefined && `offset $${values.push(o.offset)}`,
  ];
  return { ...prepared(parts, values), rowMode: 'array' };
}

export function insertRow(table: string, row: Readonly<Record<string, unknown>>): Statement {
  const names = Object.keys(row);
  const places = names.map((_, i) => `$${i + 1}`);
  const text = `insert into ${quote(table)} (${names.map(quote).join(', ')}) values (${places.join(', ')}) returning *`;
  return prepared([text], Object.values(row));
}

export function updateRows(
  table: string,
  changes: Readonly<Record<string, unknown>>,
  where: readonly Condition[],
): Statement {
  const values = Object.values(changes);
  const assignments = Object.keys(changes).map((name, i) => `${quote(name)} = $${i + 1}`);
  return prepared(
    [`update ${quote(table)} t set ${assignments.join(', ')}`, condition(where, values), 'returning *'],
    values,
  );
}

export function deleteRows(table: string, where: readonly Condition[]): Statement {
  const values: unknown[] = [];
  return prepared([`delete from ${quote(table)} t`, condition(where, values), 'returning *'], values);
}

export function countRows(table: string, where: readonly Condition[]): Statement {
  const values: unknown[] = [];
  return prepared([`select count(*) as count from ${quote(table)} t`, condition(where, values)], values);
}

function condition(where: readonly Condition[], values: unknown[]): string | undefined {
  if (where.length === 0) return undefined;
  return `where ${where.map((one) => comparison(one, values)).join(' and ')}`;
}

function comparison({ field, operator = 'eq', value, connector = 'AND' }: Condition, values: unknown[]): string {
  const sign = comparisons[operator];
  if (sign === undefined && operator !== 'in')
    throw new TypeError(`better-auth compares by "${operator}", which is not provided`);
  if (connector !== 'AND') throw new TypeError(`better-auth joins conditions by "${connector}", which is not provided`);
  const column = `t.${quote(field)}`;
  if (value === null && operator === 'eq') return `${column} is null`;
  if (value === null && operator === 'ne') return `${column} is not null`;
  const place = `$${values.push(value)}`;
  return operator === 'in' ? `${column} = any(${place})` : `${column} ${sign} ${place}`;
}

/** The name goes by the text: there are as many as better-auth has kinds of questions, a dozen or two. */
function prepared(parts: readonly (string | false | undefined)[], values: unknown[]): Statement {
  const text = parts.filter(Boolean).join(' ');
  return { name: `better-auth.${hash('sha1', text, 'base64url')}`, text, values };
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
