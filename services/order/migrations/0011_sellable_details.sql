alter table sellable_variant
  add column tax_class text not null default 'standard',
  add column weight_grams integer not null default 0,
  add column digital boolean not null default false,
  add column categories text[] not null default '{}';
