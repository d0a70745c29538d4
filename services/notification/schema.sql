create table dead_letter (
  event_id uuid not null,
  type text not null,
  event json not null,
  error text not null,
  attempts integer not null,
  parked_at timestamp with time zone not null default now(),
  constraint dead_letter_pkey PRIMARY KEY (event_id),
  constraint dead_letter_attempts_check CHECK ((attempts >= 0))
);

create table inbox (
  event_id uuid not null,
  handled_at timestamp with time zone not null default now(),
  constraint inbox_pkey PRIMARY KEY (event_id)
);

create table jwks_cache (
  only_row boolean not null default true,
  jwks text not null,
  fetched_at timestamp with time zone not null default now(),
  constraint jwks_cache_pkey PRIMARY KEY (only_row),
  constraint jwks_cache_only_row_check CHECK (only_row)
);

create table outbox (
  id bigint not null generated always as identity,
  event json not null,
  created_at timestamp with time zone not null default now(),
  constraint outbox_pkey PRIMARY KEY (id)
) with (autovacuum_analyze_scale_factor=0, autovacuum_analyze_threshold=10000, autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000, toast.autovacuum_vacuum_cost_delay=0, toast.autovacuum_vacuum_scale_factor=0, toast.autovacuum_vacuum_threshold=1000);
