import { execFile } from 'node:child_process';
import { access, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Infrastructure } from '../infrastructure.ts';
import type { Side } from '../measurement.ts';

const PROGRAM = '/usr/bin/pgbench';
const DATABASE = 'bench_reference';
const VARIANTS = 20_000;
/** A run that has completed nothing by then is not repeated. */
const LONGEST_SECONDS = 60;

/** The tables that the least a purchase can be needs. */
const tables = `
  create table stock (variant_id int primary key, available int not null check (available >= 0));
  create table orders (id bigint generated always as identity primary key, customer_id int not null,
    status text not null, amount bigint not null, created_at timestamptz not null default now());
  create table order_line (order_id bigint not null references orders (id), variant_id int not null,
    quantity int not null, price bigint not null, primary key (order_id, variant_id));
  create table outbox (id bigint generated always as identity primary key, topic text not null, payload jsonb not null);
  insert into stock select n, 1000000000 from generate_series(1, ${VARIANTS}) as n;`;

/** Two lines; variants in the order of their ids, so that two purchases never wait for each other in a ring. */
const purchase = `\\set a random(1, ${VARIANTS / 2})
\\set b random(${VARIANTS / 2 + 1}, ${VARIANTS})
\\set customer random(1, 100000)
begin;
update stock set available = available - 1 where variant_id = :a and available >= 1 returning available;
update stock set available = available - 2 where variant_id = :b and available >= 2 returning available;
insert into orders (customer_id, status, amount) values (:customer, 'confirmed', 5400) returning id \\gset
insert into order_line (order_id, variant_id, quantity, price) values (:id, :a, 1, 1800);
insert into order_line (order_id, variant_id, quantity, price) values (:id, :b, 2, 1800);
insert into outbox (topic, payload) values ('order.confirmed', '{"lines": 2, "amount": 5400}');
commit;
`;

/** The least that a purchase can be: one transaction in SQL, by `pgbench`, PostgreSQL's time alone; undefined if not installed. */
export async function pgbenchSide(
  { postgres, scratch }: Infrastructure,
  connections: number,
): Promise<Side | undefined> {
  const isThere = await access(PROGRAM).then(
    () => true,
    () => false,
  );
  if (!isThere) return undefined;
  await postgres.drop(DATABASE);
  await postgres.create(DATABASE);
  await postgres.run(DATABASE, tables);
  await postgres.run(DATABASE, 'vacuum analyze');
  const script = path.join(scratch, 'purchase.sql');
  await writeFile(script, purchase);
  const url = new URL(postgres.url(DATABASE));
  const env = { PATH: process.env.PATH, PGPASSWORD: url.password };
  const connection = ['-h', url.hostname, '-p', url.port, '-U', url.username];
  const loop = ['--no-vacuum', '--protocol=prepared', `--client=${connections}`];
  return {
    name: 'pgbench',
    processors: { postgres: postgres.cpu },
    async run(durationMs) {
      // On a slow machine no transaction may end within a second.
      for (let seconds = Math.max(1, Math.round(durationMs / 1000)); ; seconds *= 2) {
        const args = [...connection, ...loop, `--time=${seconds}`, `--file=${script}`, DATABASE];
        const { stdout } = await promisify(execFile)(PROGRAM, args, { env });
        const isEmpty = /actually processed: 0\b/.test(stdout);
        if (!isEmpty || seconds > LONGEST_SECONDS) return completedOf(stdout, seconds);
      }
    },
  };
}

/** What pgbench says at its end. It tells the mean latency alone. */
function completedOf(text: string, seconds: number) {
  const operations = Number(/transactions actually processed: (\d+)/.exec(text)?.[1]);
  const failed = Number(/number of failed transactions: (\d+)/.exec(text)?.[1] ?? 0);
  const latency = Number(/latency average = ([\d.]+) ms/.exec(text)?.[1]);
  if (!(operations > 0) || failed > 0) throw new Error(`pgbench failed:\n${text}`);
  return { operations, seconds, latencies: Float64Array.of(latency) };
}
