create table api_key (
  id uuid not null,
  user_id uuid not null,
  name text not null,
  key_hash text not null,
  start text not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  permissions text[],
  read_only boolean not null default false,
  constraint api_key_pkey PRIMARY KEY (id),
  constraint api_key_key_hash_check CHECK ((length(key_hash) = 43)),
  constraint api_key_key_hash_key UNIQUE (key_hash),
  constraint api_key_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint api_key_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE
);

create table attempt (
  key text not null,
  count integer not null,
  resets_at timestamp with time zone not null,
  constraint attempt_pkey PRIMARY KEY (key),
  constraint attempt_count_check CHECK ((count >= 0))
) with (fillfactor=70);
alter table attempt set unlogged;

create table credential (
  id uuid not null,
  user_id uuid not null,
  provider_id text not null,
  account_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  password text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint credential_pkey PRIMARY KEY (id),
  constraint credential_password_check CHECK ((password ~~ '$argon2id$%'::text)),
  constraint credential_provider_account_key UNIQUE (provider_id, account_id),
  constraint credential_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE
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

create table erasure (
  id uuid not null,
  account_id uuid not null,
  requested_by uuid not null,
  requested_at timestamp with time zone not null default now(),
  contact text,
  guest boolean not null default false,
  constraint erasure_pkey PRIMARY KEY (id),
  constraint erasure_account_id_key UNIQUE (account_id)
);

create table erasure_part (
  erasure_id uuid not null,
  service text not null,
  version integer not null default 0,
  confirmed_at timestamp with time zone,
  kept text[] not null default '{}'::text[],
  complete_after timestamp with time zone,
  constraint erasure_part_pkey PRIMARY KEY (erasure_id, service),
  constraint erasure_part_erasure_id_fkey FOREIGN KEY (erasure_id) REFERENCES erasure(id) ON DELETE CASCADE,
  constraint erasure_part_service_check CHECK ((service = ANY (ARRAY['product'::text, 'order'::text, 'notification'::text, 'api-gateway'::text]))),
  constraint erasure_part_version_check CHECK ((version >= 0))
);

create table identity (
  id uuid not null,
  account_id uuid not null,
  issuer text not null,
  subject text not null,
  email text,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone,
  constraint identity_pkey PRIMARY KEY (id),
  constraint identity_account_id_fkey FOREIGN KEY (account_id) REFERENCES user_account(id) ON DELETE CASCADE,
  constraint identity_issuer_check CHECK ((length(issuer) <= 400)),
  constraint identity_issuer_subject_key UNIQUE (issuer, subject),
  constraint identity_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 255)))
);

create table inbox (
  event_id uuid not null,
  handled_at timestamp with time zone not null default now(),
  constraint inbox_pkey PRIMARY KEY (event_id)
);

create table invitation (
  id uuid not null,
  email text not null,
  role text not null,
  ready_made_role text,
  staff_role_id uuid,
  token_hash text not null,
  invited_by uuid not null,
  created_at timestamp with time zone not null default now(),
  sent_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint invitation_pkey PRIMARY KEY (id),
  constraint invitation_check CHECK (((role <> 'staff'::text) OR (num_nonnulls(ready_made_role, staff_role_id) = 1))),
  constraint invitation_email_check CHECK (((length(email) <= 254) AND (email = lower(email)))),
  constraint invitation_email_key UNIQUE (email),
  constraint invitation_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES user_account(id) ON DELETE CASCADE,
  constraint invitation_role_check CHECK ((role = ANY (ARRAY['seller'::text, 'staff'::text, 'admin'::text]))),
  constraint invitation_staff_role_id_fkey FOREIGN KEY (staff_role_id) REFERENCES staff_role(id),
  constraint invitation_token_hash_check CHECK ((length(token_hash) = 43)),
  constraint invitation_token_hash_key UNIQUE (token_hash)
);

create table known_device (
  account_id uuid not null,
  device_hash text not null,
  last_used_at timestamp with time zone not null default now(),
  constraint known_device_pkey PRIMARY KEY (account_id, device_hash),
  constraint known_device_account_id_fkey FOREIGN KEY (account_id) REFERENCES user_account(id) ON DELETE CASCADE,
  constraint known_device_device_hash_check CHECK ((length(device_hash) = 43))
);

create table outbox (
  id bigint not null generated always as identity,
  event json not null,
  created_at timestamp with time zone not null default now(),
  constraint outbox_pkey PRIMARY KEY (id)
) with (autovacuum_analyze_scale_factor=0, autovacuum_analyze_threshold=10000, autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000, toast.autovacuum_vacuum_cost_delay=0, toast.autovacuum_vacuum_scale_factor=0, toast.autovacuum_vacuum_threshold=1000);

create table passkey (
  id uuid not null,
  account_id uuid not null,
  credential_id text not null,
  public_key text not null,
  counter bigint not null,
  transports text[] not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone,
  constraint passkey_pkey PRIMARY KEY (id),
  constraint passkey_account_id_fkey FOREIGN KEY (account_id) REFERENCES user_account(id) ON DELETE CASCADE,
  constraint passkey_credential_id_check CHECK ((length(credential_id) <= 1400)),
  constraint passkey_credential_id_key UNIQUE (credential_id),
  constraint passkey_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100)))
);

create table recovery_code (
  account_id uuid not null,
  code_hash text not null,
  constraint recovery_code_pkey PRIMARY KEY (account_id, code_hash),
  constraint recovery_code_account_id_fkey FOREIGN KEY (account_id) REFERENCES totp(account_id) ON DELETE CASCADE,
  constraint recovery_code_code_hash_check CHECK ((length(code_hash) = 43))
);

create table revocation (
  session_id uuid not null,
  account_id uuid not null,
  revoked_at timestamp with time zone not null,
  constraint revocation_pkey PRIMARY KEY (session_id)
);

create table session (
  id uuid not null,
  user_id uuid not null,
  token_hash text not null,
  expires_at timestamp with time zone not null,
  ip_address text,
  user_agent text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  operator_id uuid,
  constraint session_pkey PRIMARY KEY (id),
  constraint session_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES user_account(id) ON DELETE CASCADE,
  constraint session_token_hash_check CHECK ((length(token_hash) = 43)),
  constraint session_token_hash_key UNIQUE (token_hash),
  constraint session_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE
);

create table signing_key (
  id uuid not null,
  public_key json not null,
  private_key text not null,
  signs_from timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  constraint signing_key_pkey PRIMARY KEY (id)
);

create table staff_role (
  id uuid not null,
  name text not null,
  permissions text[] not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint staff_role_pkey PRIMARY KEY (id),
  constraint staff_role_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60)))
);

create table totp (
  account_id uuid not null,
  secret text not null,
  secret_key text not null,
  confirmed_at timestamp with time zone,
  last_step integer not null default 0,
  created_at timestamp with time zone not null default now(),
  uses integer not null default 0,
  constraint totp_pkey PRIMARY KEY (account_id),
  constraint totp_account_id_fkey FOREIGN KEY (account_id) REFERENCES user_account(id) ON DELETE CASCADE
);

create table user_account (
  id uuid not null,
  name text not null,
  email text not null,
  email_verified boolean not null default false,
  image text,
  role text not null default 'customer'::text,
  banned boolean not null default false,
  ban_reason text,
  ban_expires timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  status_version integer not null default 0,
  contact_version integer not null default 0,
  contact_announced boolean not null default true,
  second_factor boolean not null default false,
  ready_made_role text,
  staff_role_id uuid,
  locale text,
  constraint user_account_pkey PRIMARY KEY (id),
  constraint user_account_check CHECK ((banned OR ((ban_reason IS NULL) AND (ban_expires IS NULL)))),
  constraint user_account_email_check CHECK (((length(email) <= 254) AND (email = lower(email)))),
  constraint user_account_email_key UNIQUE (email),
  constraint user_account_locale_check CHECK ((length(locale) <= 35)),
  constraint user_account_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint user_account_role_check CHECK ((role = ANY (ARRAY['customer'::text, 'seller'::text, 'staff'::text, 'admin'::text]))),
  constraint user_account_staff_role_check CHECK (((role <> 'staff'::text) OR (num_nonnulls(ready_made_role, staff_role_id) = 1))),
  constraint user_account_staff_role_id_fkey FOREIGN KEY (staff_role_id) REFERENCES staff_role(id)
);

create table verification (
  id uuid not null,
  identifier text not null,
  value text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  email text,
  constraint verification_pkey PRIMARY KEY (id)
);

CREATE INDEX api_key_user_id_idx ON public.api_key USING btree (user_id, id);

CREATE INDEX attempt_resets_at_idx ON public.attempt USING btree (resets_at);

CREATE INDEX credential_user_id_idx ON public.credential USING btree (user_id);

CREATE INDEX identity_account_id_idx ON public.identity USING btree (account_id, id);

CREATE INDEX invitation_expires_at_idx ON public.invitation USING btree (expires_at);

CREATE INDEX invitation_invited_by_idx ON public.invitation USING btree (invited_by);

CREATE INDEX invitation_staff_role_id_idx ON public.invitation USING btree (staff_role_id) WHERE (staff_role_id IS NOT NULL);

CREATE INDEX known_device_last_used_at ON public.known_device USING btree (last_used_at);

CREATE INDEX passkey_account_id_idx ON public.passkey USING btree (account_id, id);

CREATE INDEX revocation_revoked_at_idx ON public.revocation USING btree (revoked_at);

CREATE INDEX session_expires_at_idx ON public.session USING btree (expires_at);

CREATE INDEX session_operator_id_idx ON public.session USING btree (operator_id) WHERE (operator_id IS NOT NULL);

CREATE INDEX session_user_id_idx ON public.session USING btree (user_id, id);

CREATE UNIQUE INDEX staff_role_name_key ON public.staff_role USING btree (lower(name));

CREATE INDEX totp_secret_key_idx ON public.totp USING btree (secret_key);

CREATE INDEX user_account_ban_unsent ON public.user_account USING btree (id) WHERE (banned AND (status_version = 0));

CREATE INDEX user_account_contact_unannounced ON public.user_account USING btree (id) WHERE (NOT contact_announced);

CREATE INDEX user_account_staff_role_id_idx ON public.user_account USING btree (staff_role_id) WHERE (staff_role_id IS NOT NULL);

CREATE INDEX verification_expires_at_idx ON public.verification USING btree (expires_at);

CREATE INDEX verification_identifier_idx ON public.verification USING btree (identifier);

CREATE INDEX verification_value_idx ON public.verification USING btree (value);
