alter table shop_settings
  -- The language of invoices for customers whose language is not known (BCP 47).
  add column language text not null default 'en',
  -- The days and years of invoices are those of this zone (IANA).
  add column time_zone text not null default 'UTC';

-- Until the end of the tenth calendar year after the year of issue, in whatever time zone it was issued: a zone is at most 14 hours ahead of
-- UTC, where the year begins early, and 12 hours behind it, where it ends late.
create or replace function invoice_kept_until(issued_at timestamptz) returns timestamptz language sql immutable
  return (date_trunc('year', issued_at at time zone 'UTC' + interval '14 hours') + interval '11 years 12 hours') at time zone 'UTC';
