-- The keys of access tokens as they were fetched last, so that a service that is restarted while auth is away can
-- still tell who asks. One row.
create table jwks_cache (
  only_row boolean primary key default true check (only_row),
  jwks text not null,
  fetched_at timestamptz not null default now()
);
