-- What a request with an Idempotency-Key has made, so that the same request again makes nothing.
create table idempotency_key (
  account_id   uuid not null,
  -- What was asked for: `product`, or `adjustment` and the SKU.
  scope        text not null,
  key          text not null check (length(key) between 1 and 255),
  request_hash bytea not null,
  resource_id  uuid not null,
  created_at   timestamptz not null,
  primary key (account_id, scope, key)
);
create index idempotency_key_old on idempotency_key (created_at);
