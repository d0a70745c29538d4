create table api_document (
  service text not null,
  document json not null,
  fetched_at timestamp with time zone not null,
  constraint api_document_pkey PRIMARY KEY (service)
);

create table audit_entry (
  id uuid not null,
  at timestamp with time zone not null,
  account_id uuid,
  role text,
  method text not null,
  route text not null,
  path text not null,
  status smallint not null,
  request_id text not null,
  address inet,
  user_agent text,
  trace_id text,
  operator_id uuid,
  constraint audit_entry_pkey PRIMARY KEY (id),
  constraint audit_entry_method_check CHECK ((length(method) <= 16)),
  constraint audit_entry_path_check CHECK ((length(path) <= 512)),
  constraint audit_entry_request_id_check CHECK ((length(request_id) <= 128)),
  constraint audit_entry_route_check CHECK ((length(route) <= 128)),
  constraint audit_entry_status_check CHECK (((status >= 100) AND (status <= 599))),
  constraint audit_entry_trace_id_check CHECK ((length(trace_id) = 32)),
  constraint audit_entry_user_agent_check CHECK ((length(user_agent) <= 256))
);

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

create table erased_account (
  account_id uuid not null,
  erasure_id uuid not null,
  erased_at timestamp with time zone not null default now(),
  version integer not null default 0,
  is_unconfirmed boolean not null default true,
  constraint erased_account_pkey PRIMARY KEY (account_id)
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

create table traffic_sample (
  at timestamp with time zone not null,
  service text not null,
  instance uuid not null,
  requests integer not null,
  refused integer not null,
  failed integer not null,
  latency integer[] not null,
  constraint traffic_sample_pkey PRIMARY KEY (at, service, instance),
  constraint traffic_sample_failed_check CHECK ((failed >= 0)),
  constraint traffic_sample_refused_check CHECK ((refused >= 0)),
  constraint traffic_sample_requests_check CHECK ((requests >= 0))
);

CREATE INDEX audit_entry_account ON public.audit_entry USING btree (account_id, id DESC) WHERE (account_id IS NOT NULL);

CREATE INDEX audit_entry_operator_id_idx ON public.audit_entry USING btree (operator_id, id) WHERE (operator_id IS NOT NULL);

CREATE INDEX audit_entry_path ON public.audit_entry USING btree (path text_pattern_ops, id DESC);

CREATE INDEX audit_entry_with_client ON public.audit_entry USING btree (at) WHERE ((address IS NOT NULL) OR (user_agent IS NOT NULL));
