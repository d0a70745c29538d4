-- As in 0012, and whether a match is in stock, for facets. A column more at the end: the version before names the columns that it reads.
drop function ranked_matches(tsquery, tsquery, tsquery, text, bigint, bigint, uuid[], boolean, int);
create function ranked_matches(condition tsquery, names tsquery, ranked tsquery, exact_title text,
    from_price bigint, to_price bigint, hidden uuid[], is_featured boolean, most int)
  returns table (id uuid, is_named boolean, score float8, categories text, currency text, amount bigint, in_stock boolean)
  language plpgsql stable
  set enable_seqscan = off set enable_indexscan = off set enable_indexonlyscan = off
as $$
begin
  return query
    with looked as materialized (
      select p.id, p.terms, p.title_key, p.categories, p.currency, p.min_amount, p.featured, p.seller_id, p.in_stock
      from product p where p.status = 'active' and p.terms @@ condition limit most)
    select l.id, l.terms @@ names,
        (ts_rank('{0.2, 0.2, 0.5, 1.0}', l.terms, ranked) + case when l.title_key = exact_title then 1 else 0 end)::float8,
        array_to_string(l.categories, ' '),
        l.currency::text, l.min_amount, l.in_stock
      from looked l
      where l.min_amount >= coalesce(from_price, 0) and (to_price is null or l.min_amount <= to_price)
        and (hidden is null or l.seller_id <> all(hidden)) and (is_featured is null or l.featured = is_featured)
    union all select null, null, null, null, null, count(*), null from looked;
end
$$;
