-- Events that a transaction has decided on and that the relay has yet to publish. Rows are inserted and deleted, never
-- updated, so the table is a queue: nearly empty, with many dead rows unless they are swept at once. Vacuum therefore
-- goes by a count, not by a share of the table, and does not hold back. `json`, not `jsonb`: the relay only forwards it.
create table outbox (
  id bigint generated always as identity primary key,
  event json not null,
  created_at timestamptz not null default now()
) with (
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_insert_scale_factor = 0,
  autovacuum_vacuum_insert_threshold = 100000,
  autovacuum_vacuum_cost_delay = 0,
  autovacuum_analyze_scale_factor = 0,
  autovacuum_analyze_threshold = 10000,
  toast.autovacuum_vacuum_scale_factor = 0,
  toast.autovacuum_vacuum_threshold = 1000,
  toast.autovacuum_vacuum_cost_delay = 0
);

-- Events that have been handled, so that one which arrives again changes nothing. Ids are UUID version 7: the primary
-- key is in order of time, and old rows are found by it without another index.
create table inbox (
  event_id uuid primary key,
  handled_at timestamptz not null default now()
);

-- Events that could not be handled, for an operator to look at, replay or discard. `json`, because `jsonb` would
-- refuse some of the very payloads that end here (a NUL character in a string).
create table dead_letter (
  event_id uuid primary key,
  type text not null,
  event json not null,
  error text not null,
  attempts int not null check (attempts >= 0),
  parked_at timestamptz not null default now()
);
