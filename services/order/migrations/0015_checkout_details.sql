-- What a customer tells at checkout beside what is sent where: notes, billing address, VAT id, confirmations. The shape is `OrderDetails`.
alter table orders add column details jsonb not null default '{}';

-- Tax in the price of a line that is not charged, as where a company of another country owes it (reverse charge). To pay:
-- amount × quantity − discount − this, and the tax where prices do not include it.
alter table order_line add column tax_exemption bigint not null default 0 check (tax_exemption >= 0);

-- What operators say of the shop itself.
create table shop_settings (
  only_row boolean primary key default true check (only_row),
  version integer not null default 1,
  country char(2),
  vat_id text,
  reverse_charge boolean not null default false,
  terms_url text,
  minimum_age smallint check (minimum_age > 0),
  -- Empty: any.
  currencies text[] not null default '{}',
  check (not reverse_charge or (country is not null and vat_id is not null))
);
insert into shop_settings default values;

-- Answers of the register of VAT ids (VIES). They count for a day.
create table vat_id_check (
  vat_id text primary key,
  is_valid boolean not null,
  -- What proves to a tax office that the id was checked; only where the shop has told its own id.
  consultation_number text,
  checked_at timestamptz not null
);
create index vat_id_check_by_time on vat_id_check (checked_at);
