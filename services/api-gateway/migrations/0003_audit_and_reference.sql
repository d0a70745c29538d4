-- Who meant to change what, and how it ended; ids are UUIDv7, so their order is that of time.
create table audit_entry (
  id uuid primary key,
  at timestamptz not null,
  account_id uuid,
  role text,
  method text not null check (length(method) <= 16),
  route text not null check (length(route) <= 128),
  path text not null check (length(path) <= 512),
  status smallint not null check (status between 100 and 599),
  request_id text not null check (length(request_id) <= 128),
  address inet,
  user_agent text check (length(user_agent) <= 256)
);

create index audit_entry_at on audit_entry (at);
create index audit_entry_account on audit_entry (account_id, id desc) where account_id is not null;
create index audit_entry_path on audit_entry (path text_pattern_ops, id desc);

-- What each service last said its API is (OpenAPI), for a start of the gateway at which that service is away.
create table api_document (
  service text primary key,
  document json not null,
  fetched_at timestamptz not null
);
