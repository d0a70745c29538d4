CREATE OR REPLACE FUNCTION public.invoice_kept_until(issued_at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE
RETURN ((date_trunc('year'::text, ((issued_at AT TIME ZONE 'UTC'::text) + '14:00:00'::interval)) + '11 years 12:00:00'::interval) AT TIME ZONE 'UTC'::text)
;

CREATE OR REPLACE FUNCTION public.lock_promotions(promotions uuid[], customers uuid[])
 RETURNS TABLE(promotion_id uuid, customer_id uuid, used integer, limit_total integer, used_by_customer integer, limit_per_customer integer)
 LANGUAGE plpgsql
AS $function$
begin
  if cardinality(promotions) = 0 then
    return;
  end if;
  perform from public.promotion p where p.id = any(promotions) order by p.id for no key update;
  return query
    select p.id, c.id, p.used, p.limit_total,
      (select count(*)::int from public.promotion_use u where u.promotion_id = p.id and u.customer_id = c.id),
      case when p.first_order then 1 else p.limit_per_customer end
    from public.promotion p, unnest(customers) as c(id)
    where p.id = any(promotions);
end
$function$
;

CREATE OR REPLACE FUNCTION public.lock_unsettled(customers uuid[])
 RETURNS TABLE(customer_id uuid, orders integer, units bigint)
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_advisory_xact_lock(key) from
    (select distinct hashtextextended('customer ' || c, 0) as key from unnest(customers) as c order by key) as k;
  return query
    select o.customer_id, count(distinct o.id)::int, sum(l.quantity)
    from public.orders o join public.order_line l on l.order_id = o.id
    where o.due_at is not null and o.customer_id = any(customers)
    group by o.customer_id;
end
$function$
;

CREATE OR REPLACE FUNCTION public.refuse_invoice_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' and now() >= invoice_kept_until(old.issued_at) then
    return old;
  end if;
  raise exception 'The document % was issued: it is never changed, and kept until %', old.number, invoice_kept_until(old.issued_at)
    using errcode = 'restrict_violation';
end
$function$
;

create table cart (
  id uuid not null,
  customer_id uuid,
  order_id uuid,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  version integer not null default 1,
  merged_into uuid,
  constraint cart_pkey PRIMARY KEY (id),
  constraint cart_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
) with (fillfactor=75);

create table cart_line (
  cart_id uuid not null,
  sku text not null,
  quantity integer not null,
  added_at timestamp with time zone not null,
  constraint cart_line_pkey PRIMARY KEY (cart_id, sku),
  constraint cart_line_cart_id_fkey FOREIGN KEY (cart_id) REFERENCES cart(id) ON DELETE CASCADE,
  constraint cart_line_quantity_check CHECK ((quantity > 0))
);

create table catalogue_fill (
  only_one boolean not null default true,
  after uuid,
  completed boolean not null default false,
  constraint catalogue_fill_pkey PRIMARY KEY (only_one),
  constraint catalogue_fill_only_one_check CHECK (only_one)
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
  erased_at timestamp with time zone not null,
  version integer not null default 0,
  is_unconfirmed boolean not null default true,
  constraint erased_account_pkey PRIMARY KEY (account_id)
);

create table fulfilment (
  id uuid not null,
  order_id uuid not null,
  lines jsonb not null,
  carrier text,
  tracking_number text,
  created_by uuid not null,
  created_at timestamp with time zone not null,
  idempotency_key text not null,
  request_hash bytea not null,
  constraint fulfilment_pkey PRIMARY KEY (id),
  constraint fulfilment_key UNIQUE (order_id, created_by, idempotency_key),
  constraint fulfilment_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE
);

create table goods_return (
  id uuid not null,
  order_id uuid not null,
  lines jsonb not null,
  restock boolean not null,
  reason text not null,
  refund_id uuid,
  created_by uuid not null,
  created_at timestamp with time zone not null,
  idempotency_key text not null,
  request_hash bytea not null,
  constraint goods_return_pkey PRIMARY KEY (id),
  constraint goods_return_key UNIQUE (order_id, created_by, idempotency_key),
  constraint goods_return_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE,
  constraint goods_return_refund_id_fkey FOREIGN KEY (refund_id) REFERENCES refund(id),
  constraint goods_return_refund_id_key UNIQUE (refund_id)
);

create table guest_secret (
  only_row boolean not null default true,
  secret bytea not null,
  constraint guest_secret_pkey PRIMARY KEY (only_row),
  constraint guest_secret_only_row_check CHECK (only_row),
  constraint guest_secret_secret_check CHECK ((length(secret) >= 32))
);

create table inbox (
  event_id uuid not null,
  handled_at timestamp with time zone not null default now(),
  constraint inbox_pkey PRIMARY KEY (event_id)
);

create table invoice (
  number text not null,
  type text not null,
  series text not null,
  year integer not null,
  sequence integer not null,
  order_id uuid not null,
  refund_id uuid,
  invoice_number text,
  issued_at timestamp with time zone not null,
  currency character(3) not null,
  net bigint not null,
  tax bigint not null,
  gross bigint not null,
  content jsonb not null,
  constraint invoice_pkey PRIMARY KEY (number),
  constraint invoice_check CHECK ((((net + tax) = gross) AND (net >= 0) AND (tax >= 0))),
  constraint invoice_check1 CHECK (((type = 'credit_note'::text) = (invoice_number IS NOT NULL))),
  constraint invoice_check2 CHECK (((type = 'credit_note'::text) OR (refund_id IS NULL))),
  constraint invoice_invoice_number_fkey FOREIGN KEY (invoice_number) REFERENCES invoice(number),
  constraint invoice_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id),
  constraint invoice_refund_id_fkey FOREIGN KEY (refund_id) REFERENCES refund(id),
  constraint invoice_refund_id_key UNIQUE (refund_id),
  constraint invoice_sequence_check CHECK ((sequence > 0)),
  constraint invoice_series_year_sequence_key UNIQUE (series, year, sequence),
  constraint invoice_type_check CHECK ((type = ANY (ARRAY['invoice'::text, 'credit_note'::text])))
);

create table invoice_counter (
  series text not null,
  year integer not null,
  last integer not null,
  issued_at timestamp with time zone not null,
  constraint invoice_counter_pkey PRIMARY KEY (series),
  constraint invoice_counter_last_check CHECK ((last >= 0))
);

create table jwks_cache (
  only_row boolean not null default true,
  jwks text not null,
  fetched_at timestamp with time zone not null default now(),
  constraint jwks_cache_pkey PRIMARY KEY (only_row),
  constraint jwks_cache_only_row_check CHECK (only_row)
);

create table ledger_entry (
  id bigint not null generated always as identity,
  order_id uuid not null,
  type text not null,
  debit text not null,
  credit text not null,
  amount bigint not null,
  currency character(3) not null,
  source text not null,
  at timestamp with time zone not null,
  constraint ledger_entry_pkey PRIMARY KEY (id),
  constraint ledger_entry_amount_check CHECK ((amount > 0)),
  constraint ledger_entry_check CHECK ((debit <> credit)),
  constraint ledger_entry_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
);

create table order_erasure (
  order_id uuid not null,
  target text not null,
  due_at timestamp with time zone not null,
  constraint order_erasure_pkey PRIMARY KEY (order_id),
  constraint order_erasure_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE,
  constraint order_erasure_target_check CHECK ((target = ANY (ARRAY['books'::text, 'none'::text])))
);

create table order_event (
  order_id uuid not null,
  version integer not null,
  type text not null,
  status text not null,
  at timestamp with time zone not null,
  data jsonb not null default '{}'::jsonb,
  trace_id text,
  messages jsonb,
  constraint order_event_pkey PRIMARY KEY (order_id, version),
  constraint order_event_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE
);

create table order_line (
  order_id uuid not null,
  sku text not null,
  "position" smallint not null,
  product_id uuid not null,
  seller_id uuid not null,
  title text not null,
  quantity integer not null,
  amount bigint not null,
  price_version integer not null,
  fulfilled integer not null default 0,
  refunded integer not null default 0,
  withdrawn integer not null default 0,
  discount bigint not null default 0,
  tax bigint not null default 0,
  tax_exemption bigint not null default 0,
  returned integer not null default 0,
  constraint order_line_pkey PRIMARY KEY (order_id, sku),
  constraint order_line_amount_check CHECK ((amount >= 0)),
  constraint order_line_check CHECK (((fulfilled >= 0) AND (withdrawn >= 0) AND ((fulfilled + withdrawn) <= quantity))),
  constraint order_line_check1 CHECK (((refunded >= withdrawn) AND (refunded <= quantity))),
  constraint order_line_discount_check CHECK ((discount >= 0)),
  constraint order_line_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE,
  constraint order_line_quantity_check CHECK ((quantity > 0)),
  constraint order_line_returned CHECK (((returned >= 0) AND (returned <= fulfilled))),
  constraint order_line_tax_check CHECK ((tax >= 0)),
  constraint order_line_tax_exemption_check CHECK ((tax_exemption >= 0))
);

create table order_retention (
  only_row boolean not null default true,
  after uuid not null default '00000000-0000-0000-0000-000000000000'::uuid,
  constraint order_retention_pkey PRIMARY KEY (only_row),
  constraint order_retention_only_row_check CHECK (only_row)
);

create table orders (
  id uuid not null,
  customer_id uuid not null,
  status text not null,
  version integer not null default 1,
  amount bigint not null,
  currency character(3) not null,
  shipping_address jsonb not null,
  reason text,
  cancel_requested boolean not null default false,
  payment_provider text not null,
  payment_token text,
  payment_attempts integer not null default 0,
  reserved_at timestamp with time zone,
  captured bigint not null default 0,
  refunded bigint not null default 0,
  idempotency_key text,
  request_hash bytea not null,
  due_at timestamp with time zone,
  nudges integer not null default 0,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  traceparent text,
  cart_id uuid,
  number integer not null default (10000000 + (floor((random() * (90000000)::double precision)))::integer),
  tax_included boolean not null default true,
  shipping jsonb,
  adjustments jsonb not null default '[]'::jsonb,
  guest_email text,
  payment_try integer not null default 1,
  payment_reference text,
  payment_action jsonb,
  payment_problem text,
  capture_requested boolean not null default false,
  sends_first boolean not null default false,
  details jsonb not null default '{}'::jsonb,
  pay_by timestamp with time zone,
  personal_data text not null default 'full'::text,
  invoicing text,
  credited bigint not null default 0,
  placed_by uuid,
  constraint orders_pkey PRIMARY KEY (id),
  constraint orders_amount_check CHECK ((amount >= 0)),
  constraint orders_check CHECK (((captured = 0) OR (captured = amount))),
  constraint orders_check1 CHECK (((refunded >= 0) AND (refunded <= captured))),
  constraint orders_check2 CHECK (((status = ANY (ARRAY['pending'::text, 'rejected'::text, 'reserved'::text, 'awaiting_payment'::text, 'authorized'::text, 'cancelled'::text])) OR (captured = amount))),
  constraint orders_invoicing_check CHECK ((invoicing = ANY (ARRAY['wanted'::text, 'issued'::text, 'reversed'::text]))),
  constraint orders_key_or_cart CHECK (((idempotency_key IS NOT NULL) OR (cart_id IS NOT NULL))),
  constraint orders_number UNIQUE (number),
  constraint orders_payment_try_check CHECK ((payment_try >= 1)),
  constraint orders_personal_data_check CHECK ((personal_data = ANY (ARRAY['full'::text, 'books'::text, 'none'::text]))),
  constraint orders_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'reserved'::text, 'awaiting_payment'::text, 'authorized'::text, 'confirmed'::text, 'fulfilled'::text, 'delivered'::text, 'rejected'::text, 'cancelled'::text, 'refunded'::text])))
) with (fillfactor=75);

create table outbox (
  id bigint not null generated always as identity,
  event json not null,
  created_at timestamp with time zone not null default now(),
  constraint outbox_pkey PRIMARY KEY (id)
) with (autovacuum_analyze_scale_factor=0, autovacuum_analyze_threshold=10000, autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000, toast.autovacuum_vacuum_cost_delay=0, toast.autovacuum_vacuum_scale_factor=0, toast.autovacuum_vacuum_threshold=1000);

create table payment_difference (
  id uuid not null,
  order_id uuid not null,
  found_at timestamp with time zone not null,
  description text not null,
  ledger jsonb not null,
  provider jsonb not null,
  resolved_at timestamp with time zone,
  resolved_by uuid,
  constraint payment_difference_pkey PRIMARY KEY (id),
  constraint payment_difference_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
);

create table payment_message (
  provider text not null,
  id text not null,
  key text not null,
  type text not null,
  received_at timestamp with time zone not null default now(),
  constraint payment_message_pkey PRIMARY KEY (provider, id)
);

create table pricing_settings (
  only_row boolean not null default true,
  version integer not null default 1,
  tax_included boolean not null default true,
  tax_rounding text not null default 'line'::text,
  shipping_tax_class text not null default 'standard'::text,
  constraint pricing_settings_pkey PRIMARY KEY (only_row),
  constraint pricing_settings_only_row_check CHECK (only_row),
  constraint pricing_settings_tax_rounding_check CHECK ((tax_rounding = ANY (ARRAY['line'::text, 'total'::text])))
);

create table promotion (
  id uuid not null,
  version integer not null default 1,
  name text not null,
  code text,
  benefit jsonb not null,
  minimum_amount bigint,
  minimum_currency character(3),
  product_ids uuid[] not null default '{}'::uuid[],
  categories text[] not null default '{}'::text[],
  first_order boolean not null default false,
  starts_at timestamp with time zone,
  ends_at timestamp with time zone,
  combinable boolean not null default true,
  limit_total integer,
  limit_per_customer integer,
  used integer not null default 0,
  active boolean not null default true,
  created_at timestamp with time zone not null,
  constraint promotion_pkey PRIMARY KEY (id),
  constraint promotion_check CHECK (((minimum_amount IS NULL) = (minimum_currency IS NULL))),
  constraint promotion_check1 CHECK ((ends_at > starts_at)),
  constraint promotion_code_key UNIQUE (code),
  constraint promotion_limit_per_customer_check CHECK ((limit_per_customer > 0)),
  constraint promotion_limit_total_check CHECK ((limit_total > 0)),
  constraint promotion_minimum_amount_check CHECK ((minimum_amount > 0)),
  constraint promotion_used_check CHECK ((used >= 0))
);

create table promotion_use (
  promotion_id uuid not null,
  customer_id uuid not null,
  order_id uuid not null,
  constraint promotion_use_pkey PRIMARY KEY (order_id, promotion_id),
  constraint promotion_use_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE,
  constraint promotion_use_promotion_id_fkey FOREIGN KEY (promotion_id) REFERENCES promotion(id)
);

create table reconciliation (
  only_row boolean not null default true,
  ledger_id bigint not null default 0,
  checked_at timestamp with time zone,
  constraint reconciliation_pkey PRIMARY KEY (only_row),
  constraint reconciliation_only_row_check CHECK (only_row)
);

create table refund (
  id uuid not null,
  order_id uuid not null,
  amount bigint not null,
  status text not null,
  reason text not null,
  lines jsonb not null,
  created_by uuid,
  created_at timestamp with time zone not null,
  attempts integer not null default 0,
  due_at timestamp with time zone,
  idempotency_key text not null,
  request_hash bytea not null,
  constraint refund_pkey PRIMARY KEY (id),
  constraint refund_amount_check CHECK ((amount >= 0)),
  constraint refund_key UNIQUE NULLS NOT DISTINCT (order_id, created_by, idempotency_key),
  constraint refund_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE,
  constraint refund_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'done'::text])))
);

create table sandbox_charge (
  key text not null,
  amount bigint not null,
  currency character(3) not null,
  status text not null,
  calls integer not null default 1,
  created_at timestamp with time zone not null default now(),
  captures boolean not null default true,
  challenge uuid,
  order_number text,
  constraint sandbox_charge_pkey PRIMARY KEY (key),
  constraint sandbox_charge_challenge_key UNIQUE (challenge),
  constraint sandbox_charge_status_check CHECK ((status = ANY (ARRAY['captured'::text, 'declined'::text, 'voided'::text, 'authorized'::text, 'challenged'::text, 'processing'::text])))
);

create table sandbox_message (
  id uuid not null default gen_random_uuid(),
  key text not null,
  content jsonb not null,
  sends integer not null default 2,
  attempts integer not null default 0,
  due_at timestamp with time zone not null default (now() + (random() * '00:00:02'::interval)),
  constraint sandbox_message_pkey PRIMARY KEY (id),
  constraint sandbox_message_sends_check CHECK ((sends > 0))
);

create table sandbox_refund (
  key text not null,
  charge_key text not null,
  amount bigint not null,
  created_at timestamp with time zone not null default now(),
  constraint sandbox_refund_pkey PRIMARY KEY (key),
  constraint sandbox_refund_amount_check CHECK ((amount > 0)),
  constraint sandbox_refund_charge_key_fkey FOREIGN KEY (charge_key) REFERENCES sandbox_charge(key)
);

create table saved_address (
  id uuid not null,
  customer_id uuid not null,
  address jsonb not null,
  is_default boolean not null,
  created_at timestamp with time zone not null,
  constraint saved_address_pkey PRIMARY KEY (id)
);

create table sellable_variant (
  sku text not null,
  product_id uuid not null,
  seller_id uuid not null,
  title text not null,
  amount bigint not null,
  currency character(3) not null,
  for_sale boolean not null,
  price_version integer not null,
  product_version integer not null,
  tax_class text not null default 'standard'::text,
  weight_grams integer not null default 0,
  digital boolean not null default false,
  categories text[] not null default '{}'::text[],
  details_version integer not null default 0,
  constraint sellable_variant_pkey PRIMARY KEY (sku),
  constraint sellable_variant_amount_check CHECK ((amount >= 0)),
  constraint sellable_variant_price_version_check CHECK ((price_version >= 1)),
  constraint sellable_variant_product_version_check CHECK ((product_version >= 1))
);

create table seller_status (
  seller_id uuid not null,
  version integer not null,
  has_role boolean not null,
  banned boolean not null,
  banned_until timestamp with time zone,
  constraint seller_status_pkey PRIMARY KEY (seller_id),
  constraint seller_status_version_check CHECK ((version >= 1))
);

create table shipping_method (
  id uuid not null,
  version integer not null default 1,
  zone_id uuid not null,
  name text not null,
  delivery_time text not null,
  "position" integer not null default 0,
  currency character(3) not null,
  basis text not null,
  tiers jsonb not null,
  free_from bigint,
  active boolean not null default true,
  constraint shipping_method_pkey PRIMARY KEY (id),
  constraint shipping_method_basis_check CHECK ((basis = ANY (ARRAY['weight'::text, 'value'::text, 'quantity'::text]))),
  constraint shipping_method_free_from_check CHECK ((free_from >= 0)),
  constraint shipping_method_zone_id_fkey FOREIGN KEY (zone_id) REFERENCES shipping_zone(id)
);

create table shipping_zone (
  id uuid not null,
  version integer not null default 1,
  name text not null,
  countries text[] not null,
  constraint shipping_zone_pkey PRIMARY KEY (id),
  constraint shipping_zone_countries_check CHECK ((cardinality(countries) > 0))
);

create table shop_settings (
  only_row boolean not null default true,
  version integer not null default 1,
  country character(2),
  vat_id text,
  reverse_charge boolean not null default false,
  terms_url text,
  minimum_age smallint,
  currencies text[] not null default '{}'::text[],
  legal_name text,
  address_lines text[] not null default '{}'::text[],
  invoice_prefix text not null default 'INV'::text,
  credit_note_prefix text not null default 'CN'::text,
  invoice_note text,
  language text not null default 'en'::text,
  time_zone text not null default 'UTC'::text,
  constraint shop_settings_pkey PRIMARY KEY (only_row),
  constraint shop_settings_address CHECK (((legal_name IS NULL) OR (cardinality(address_lines) > 0))),
  constraint shop_settings_check CHECK (((NOT reverse_charge) OR ((country IS NOT NULL) AND (vat_id IS NOT NULL)))),
  constraint shop_settings_minimum_age_check CHECK ((minimum_age > 0)),
  constraint shop_settings_only_row_check CHECK (only_row),
  constraint shop_settings_prefixes CHECK ((invoice_prefix <> credit_note_prefix))
);

create table tax_rate (
  id uuid not null,
  version integer not null default 1,
  name text not null,
  country character(2) not null,
  region text,
  tax_class text not null,
  rate_ppm integer not null,
  valid_from timestamp with time zone,
  valid_until timestamp with time zone,
  constraint tax_rate_pkey PRIMARY KEY (id),
  constraint tax_rate_check CHECK ((valid_until > valid_from)),
  constraint tax_rate_rate_ppm_check CHECK (((rate_ppm >= 0) AND (rate_ppm <= 1000000)))
);

create table vat_id_check (
  vat_id text not null,
  is_valid boolean not null,
  consultation_number text,
  checked_at timestamp with time zone not null,
  constraint vat_id_check_pkey PRIMARY KEY (vat_id)
);

CREATE INDEX cart_of_customer ON public.cart USING btree (customer_id, id DESC) WHERE ((customer_id IS NOT NULL) AND (order_id IS NULL) AND (merged_into IS NULL));

CREATE INDEX cart_open ON public.cart USING btree (created_at) WHERE (order_id IS NULL);

CREATE INDEX erased_account_unconfirmed ON public.erased_account USING btree (account_id) WHERE is_unconfirmed;

CREATE INDEX invoice_by_order ON public.invoice USING btree (order_id);

CREATE INDEX invoice_by_time ON public.invoice USING btree (issued_at, number);

CREATE UNIQUE INDEX invoice_of_order ON public.invoice USING btree (order_id) WHERE (type = 'invoice'::text);

CREATE UNIQUE INDEX invoice_reversal ON public.invoice USING btree (order_id) WHERE ((type = 'credit_note'::text) AND (refund_id IS NULL));

CREATE INDEX ledger_entry_of_order ON public.ledger_entry USING btree (order_id);

CREATE INDEX order_erasure_due ON public.order_erasure USING btree (due_at);

CREATE INDEX order_line_of_seller ON public.order_line USING btree (seller_id, order_id DESC);

CREATE INDEX orders_due ON public.orders USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE UNIQUE INDEX orders_key ON public.orders USING btree (COALESCE(placed_by, customer_id), idempotency_key);

CREATE INDEX orders_of_customer ON public.orders USING btree (customer_id, id DESC);

CREATE INDEX orders_payment_reference ON public.orders USING btree (payment_reference) WHERE (payment_reference IS NOT NULL);

CREATE INDEX orders_to_invoice ON public.orders USING btree (id) WHERE (((invoicing = 'wanted'::text) AND ((captured > 0) OR sends_first OR ((amount = 0) AND (due_at IS NULL)))) OR ((invoicing = 'issued'::text) AND ((refunded > credited) OR ((captured = 0) AND (reason IS NOT NULL)))));

CREATE INDEX orders_unsettled ON public.orders USING btree (customer_id) WHERE (due_at IS NOT NULL);

CREATE UNIQUE INDEX payment_difference_open ON public.payment_difference USING btree (order_id) WHERE (resolved_at IS NULL);

CREATE INDEX payment_message_of_key ON public.payment_message USING btree (key);

CREATE INDEX promotion_automatic ON public.promotion USING btree (id) WHERE ((code IS NULL) AND active);

CREATE INDEX promotion_use_of_customer ON public.promotion_use USING btree (promotion_id, customer_id);

CREATE INDEX refund_due ON public.refund USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX sandbox_message_due ON public.sandbox_message USING btree (due_at);

CREATE UNIQUE INDEX saved_address_default ON public.saved_address USING btree (customer_id) WHERE is_default;

CREATE INDEX saved_address_of_customer ON public.saved_address USING btree (customer_id, created_at);

CREATE INDEX sellable_variant_without_details ON public.sellable_variant USING btree (sku) WHERE (details_version < product_version);

CREATE INDEX shipping_method_of_zone ON public.shipping_method USING btree (zone_id);

CREATE INDEX vat_id_check_by_time ON public.vat_id_check USING btree (checked_at);

CREATE TRIGGER invoice_never_changes BEFORE DELETE OR UPDATE ON public.invoice FOR EACH ROW EXECUTE FUNCTION refuse_invoice_change();
