-- Sessions and API keys whose access tokens must not be believed any more although they have not expired. Instances of the gateway
-- hear of each by an event; one that starts, or that may have missed events, reads this table. Rows are kept for as long as an
-- access token can live.
create table revocation (
  -- The session or the API key: what `sid` of the access token says.
  session_id uuid primary key,
  account_id uuid not null,
  revoked_at timestamptz not null
);
create index revocation_revoked_at_idx on revocation (revoked_at);
