import { type Db, sql } from '@tradepost/postgres/db';
import { LATENCY_BUCKETS, type ServiceName, type Traffic, type TrafficSample } from '../domain/traffic.ts';

// Arrays of arrays are not what `unnest` takes apart, so latencies travel as texts of arrays.
const insert = sql(
  'traffic_sample.insert',
  `insert into traffic_sample (at, service, instance, requests, refused, failed, latency)
   select at, service, $7, requests, refused, failed, latency::int[]
   from unnest($1::timestamptz[], $2::text[], $3::int[], $4::int[], $5::int[], $6::text[])
     as s(at, service, requests, refused, failed, latency)
   on conflict (at, service, instance) do nothing`,
);

/** Writes the samples of an instance; one that is there already is left as it is. */
export async function insertTrafficSamples(db: Db, instance: string, samples: readonly TrafficSample[]): Promise<void> {
  await db.query(
    insert([
      samples.map((sample) => sample.at),
      samples.map((sample) => sample.service),
      samples.map((sample) => sample.requests),
      samples.map((sample) => sample.refused),
      samples.map((sample) => sample.failed),
      samples.map((sample) => `{${sample.latency.join(',')}}`),
      instance,
    ]),
  );
}

/** What passed through all instances in one step of time. */
export type TrafficInStep = Traffic & { step: number; service: ServiceName };

const latencySums = Array.from({ length: LATENCY_BUCKETS }, (_, bucket) => `sum(latency[${bucket + 1}])`).join(', ');
const sums = sql(
  'traffic_sample.sum',
  `select floor(extract(epoch from at - $1) / $3)::int as step, service, sum(requests)::bigint as requests,
     sum(refused)::bigint as refused, sum(failed)::bigint as failed, array[${latencySums}]::float8[] as latency
   from traffic_sample where at >= $1 and at < $2 group by 1, 2`,
);
const instances = sql(
  'traffic_sample.instances',
  'select count(distinct instance)::int as count from traffic_sample where at >= $1',
);

/** Adds up the samples of all instances, by step and service. */
export async function sumTraffic(
  db: Db,
  window: { from: Date; to: Date; stepSeconds: number },
): Promise<TrafficInStep[]> {
  const { rows } = await db.query<TrafficInStep>(sums([window.from, window.to, window.stepSeconds]));
  return rows;
}

/** How many instances have seen something pass since then. */
export async function countInstances(db: Db, since: Date): Promise<number> {
  const { rows } = await db.query<{ count: number }>(instances([since]));
  return rows[0]?.count ?? 0;
}

const deleteOld = sql(
  'traffic_sample.delete_old',
  `delete from traffic_sample where ctid in (select ctid from traffic_sample where at < $1 order by at limit $2)`,
);

/** Deletes up to `limit` samples from before `before`; returns how many. */
export async function deleteTrafficSamples(db: Db, before: Date, limit: number): Promise<number> {
  const { rowCount } = await db.query(deleteOld([before, limit]));
  return rowCount;
}
