create table account_contact (
  account_id uuid not null,
  email text not null,
  name text not null,
  version integer not null,
  locale text,
  constraint account_contact_pkey PRIMARY KEY (account_id),
  constraint account_contact_version_check CHECK ((version >= 0))
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

create table erased_subject (
  id uuid not null,
  erasure_id uuid,
  erased_at timestamp with time zone not null,
  last_mail_id uuid,
  version integer not null default 0,
  is_unconfirmed boolean not null,
  constraint erased_subject_pkey PRIMARY KEY (id)
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

create table mail (
  id uuid not null,
  cause text not null,
  kind text not null,
  locale text not null,
  order_id uuid,
  account_id uuid,
  recipient text,
  recipient_name text not null default ''::text,
  data json not null,
  status text not null,
  due_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  attempts integer not null default 0,
  last_problem text,
  resent_from uuid,
  created_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  constraint mail_pkey PRIMARY KEY (id),
  constraint mail_attempts_check CHECK ((attempts >= 0)),
  constraint mail_cause_key UNIQUE (cause),
  constraint mail_check CHECK (((recipient IS NOT NULL) OR (status = ANY (ARRAY['waiting_for_address'::text, 'withdrawn'::text, 'expired'::text])))),
  constraint mail_status_check CHECK ((status = ANY (ARRAY['waiting_for_address'::text, 'due'::text, 'sending'::text, 'sent'::text, 'kept'::text, 'withdrawn'::text, 'expired'::text, 'suppressed'::text, 'bounced'::text, 'failed'::text])))
);

create table outbox (
  id bigint not null generated always as identity,
  event json not null,
  created_at timestamp with time zone not null default now(),
  constraint outbox_pkey PRIMARY KEY (id)
) with (autovacuum_analyze_scale_factor=0, autovacuum_analyze_threshold=10000, autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000, toast.autovacuum_vacuum_cost_delay=0, toast.autovacuum_vacuum_scale_factor=0, toast.autovacuum_vacuum_threshold=1000);

create table settled_order (
  order_id uuid not null,
  settled_at timestamp with time zone not null,
  constraint settled_order_pkey PRIMARY KEY (order_id)
);

create table suppression (
  id uuid not null,
  address text not null,
  reason text not null,
  detail text not null,
  created_at timestamp with time zone not null,
  constraint suppression_pkey PRIMARY KEY (id),
  constraint suppression_address_key UNIQUE (address),
  constraint suppression_reason_check CHECK ((reason = ANY (ARRAY['bounce'::text, 'complaint'::text, 'operator'::text])))
);

create table unsubscription (
  account_id uuid not null,
  kind text not null,
  unsubscribed_at timestamp with time zone not null,
  constraint unsubscription_pkey PRIMARY KEY (account_id, kind)
);

CREATE INDEX erased_subject_last_mail ON public.erased_subject USING btree (last_mail_id) WHERE (last_mail_id IS NOT NULL);

CREATE INDEX erased_subject_recent ON public.erased_subject USING btree (erased_at);

CREATE INDEX erased_subject_unconfirmed ON public.erased_subject USING btree (id) WHERE is_unconfirmed;

CREATE INDEX mail_account ON public.mail USING btree (account_id, id);

CREATE INDEX mail_due ON public.mail USING btree (due_at) WHERE (status = ANY (ARRAY['due'::text, 'sending'::text]));

CREATE INDEX mail_order ON public.mail USING btree (order_id, id);

CREATE INDEX mail_recipient ON public.mail USING btree (recipient, id);

CREATE INDEX mail_unusual ON public.mail USING btree (status, id) WHERE (status <> ALL (ARRAY['due'::text, 'sending'::text, 'sent'::text, 'kept'::text]));

CREATE INDEX mail_waiting ON public.mail USING btree (account_id) WHERE (status = 'waiting_for_address'::text);
