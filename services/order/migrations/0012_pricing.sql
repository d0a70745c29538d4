-- What prices follow from, beside the catalogue: settings, taxes, shipping and promotions. Rates are in parts per million.
create table pricing_settings (
  only_row boolean primary key default true check (only_row),
  version integer not null default 1,
  tax_included boolean not null default true,
  tax_rounding text not null default 'line' check (tax_rounding in ('line', 'total')),
  shipping_tax_class text not null default 'standard'
);
insert into pricing_settings default values;

create table tax_rate (
  id uuid primary key,
  version integer not null default 1,
  name text not null,
  country char(2) not null,
  region text,
  tax_class text not null,
  rate_ppm integer not null check (rate_ppm between 0 and 1000000),
  valid_from timestamptz,
  valid_until timestamptz,
  check (valid_until > valid_from)
);

create table shipping_zone (
  id uuid primary key,
  version integer not null default 1,
  name text not null,
  countries text[] not null check (cardinality(countries) > 0)
);

create table shipping_method (
  id uuid primary key,
  version integer not null default 1,
  zone_id uuid not null references shipping_zone,
  name text not null,
  delivery_time text not null,
  position integer not null default 0,
  currency char(3) not null,
  basis text not null check (basis in ('weight', 'value', 'quantity')),
  -- [{"upTo": 1000, "price": 490}, {"upTo": null, "price": 990}], in ascending order.
  tiers jsonb not null,
  free_from bigint check (free_from >= 0),
  active boolean not null default true
);
create index shipping_method_of_zone on shipping_method (zone_id);

create table promotion (
  id uuid primary key,
  version integer not null default 1,
  name text not null,
  -- As it is compared: in capital letters, without spaces around it.
  code text unique,
  -- {"type": "percent", "ratePpm": 100000} and the other shapes of `PromotionBenefit`.
  benefit jsonb not null,
  minimum_amount bigint check (minimum_amount > 0),
  minimum_currency char(3),
  product_ids uuid[] not null default '{}',
  categories text[] not null default '{}',
  first_order boolean not null default false,
  starts_at timestamptz,
  ends_at timestamptz,
  combinable boolean not null default true,
  limit_total integer check (limit_total > 0),
  limit_per_customer integer check (limit_per_customer > 0),
  -- Rises and falls with the rows of `promotion_use`; never above the limit, whatever happens at once.
  used integer not null default 0 check (used >= 0),
  active boolean not null default true,
  created_at timestamptz not null,
  check ((minimum_amount is null) = (minimum_currency is null)),
  check (ends_at > starts_at)
);
create index promotion_automatic on promotion (id) where code is null and active;

-- The uses of promotions that are limited, by orders that are unsettled or were paid.
create table promotion_use (
  promotion_id uuid not null references promotion,
  customer_id uuid not null,
  order_id uuid not null references orders on delete cascade,
  primary key (order_id, promotion_id)
);
create index promotion_use_of_customer on promotion_use (promotion_id, customer_id);

-- Locks limited promotions and then counts their uses, by a second statement and so on a new snapshot: what another order has used
-- while this one waited for the lock is counted. Locked in the order of their ids, so that two orders cannot wait for each other.
create function lock_promotions(promotions uuid[], customers uuid[])
  returns table (promotion_id uuid, customer_id uuid, used integer, limit_total integer, used_by_customer integer,
    limit_per_customer integer)
  language plpgsql
as $$
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
$$;

alter table orders
  add column tax_included boolean not null default true,
  -- The shipping method and what is to be paid for it: {"methodId", "name", "deliveryTime", "amount"}; null where nothing is.
  add column shipping jsonb,
  -- Every step from the prices of the lines to the amount; the shape is `Adjustment`.
  add column adjustments jsonb not null default '[]';

alter table order_line
  add column discount bigint not null default 0 check (discount >= 0),
  -- Tax of the line. To pay: amount × quantity − discount, and this where prices do not include it.
  add column tax bigint not null default 0 check (tax >= 0);
