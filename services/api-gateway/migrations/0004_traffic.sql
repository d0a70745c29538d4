-- What each instance of the gateway saw pass in ten seconds, by service ('api-gateway' is what it answered by itself).
-- Kept for a day. `latency` counts answers by the buckets of src/domain/traffic.ts; a change of those needs a new column.
create table traffic_sample (
  -- When the ten seconds began.
  at timestamptz not null,
  service text not null,
  instance uuid not null,
  requests integer not null check (requests >= 0),
  -- Answered 4xx.
  refused integer not null check (refused >= 0),
  -- Answered 5xx, or not at all.
  failed integer not null check (failed >= 0),
  latency integer[] not null,
  primary key (at, service, instance)
);

-- The trace that a request belongs to, by which its way through the services is found.
alter table audit_entry add column trace_id text check (length(trace_id) = 32);
