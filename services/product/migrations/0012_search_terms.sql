-- One vector for a search with all its filters, so that they meet inside of one GIN index. It holds
--   'kettl'            a word or a stem of the title (weight A), of categories and variants (B)
--   '~kettl'           a stem of the description
--   'c=kitchen' …      category, seller (s=), currency (m=), in stock or not (i=1, i=0), featured (f=1)
--   'r=7', 'r=7f' …    the last one, two and three digits of the id: a random 16th, 256th and 4,096th of all products
-- Words have letters and digits alone, so none of them can be taken for a filter. A trigger writes it, so that an instance of the
-- version before, which does not know the column, keeps it right too. Rows that were there before get it from a task, in batches.
alter table product add column terms tsvector;

-- Text as words of lower case, one space between them: compatibility forms, final sigma and the spellings of Arabic letters are made
-- alike, and marks are left out. Chinese, Japanese, Korean and Thai are cut into pairs of letters, since a dictionary would be needed
-- to find words in them; the last letter stands alone too, so that each letter begins something that can be searched for.
create function search_text(phrase text) returns text
  language plpgsql immutable strict parallel safe
as $$
declare
  plain text := lower(normalize(phrase, nfkc) collate "pg_c_utf8");
begin
  if octet_length(plain) > length(plain) then
    plain := translate(regexp_replace(plain, '[\u0300-\u036f\u064b-\u065f\u0670\u0640\u0e47-\u0e4e]', '', 'g'),
      'ςأإآٱىئؤة٠١٢٣٤٥٦٧٨٩', 'σاااايييوه0123456789');
    if plain ~ '[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]' then
      select string_agg(case when m[1] is null then m[2] else
          (select ' ' || string_agg(substr(m[1], i, 2), ' ') || ' ' from generate_series(1, length(m[1])) as i) end, '')
        into plain
        from regexp_matches(plain, '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+)|([^\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+)', 'g') as m;
    end if;
  end if;
  return regexp_replace(plain collate "pg_c_utf8", '[^[:alnum:]]+', ' ', 'g');
end
$$;

create function stock_terms(in_stock boolean, featured boolean) returns tsvector
  language sql immutable parallel safe
  return array_to_tsvector(case when in_stock then '{i=1}'::text[] else '{i=0}' end || case when featured then '{f=1}'::text[] else '{}' end);

create function product_terms(p product) returns tsvector
  language plpgsql stable
as $$
declare
  title text := search_text(p.title);
  keywords text := search_text(p.keywords);
  digits text := p.id::text;
begin
  return setweight(to_tsvector('catalogue_words', title) || to_tsvector('catalogue_stems', title), 'A')
    || setweight(to_tsvector('catalogue_words', keywords) || to_tsvector('catalogue_stems', keywords), 'B')
    || array_to_tsvector(
      array(select '~' || stem from unnest(tsvector_to_array(to_tsvector('catalogue_stems', search_text(left(p.description, 2000))))) as stem)
      || array(select 'c=' || slug from unnest(p.categories) as slug)
      || array['s=' || p.seller_id, 'm=' || p.currency, 'r=' || right(digits, 1), 'r=' || right(digits, 2), 'r=' || right(digits, 3)])
    || stock_terms(p.in_stock, p.featured);
end
$$;

create function write_product_terms() returns trigger
  language plpgsql
as $$
begin
  if tg_op = 'UPDATE' and new.terms is not null and new.title = old.title and new.keywords = old.keywords
      and new.description = old.description and new.categories = old.categories then
    -- A sale that takes the last unit: the texts need not be read again.
    new.terms := ts_delete(new.terms, '{i=0,i=1,f=1}'::text[]) || stock_terms(new.in_stock, new.featured);
  else
    new.terms := product_terms(new);
  end if;
  return new;
end
$$;
create trigger product_terms before insert or update of title, keywords, description, categories, in_stock, featured on product
  for each row execute function write_product_terms();

create index product_terms on product using gin (terms) with (gin_pending_list_limit = 256)
  where status = 'active' and terms is not null;

-- The words of a phrase, each with what it is in `terms`: its parts (PostgreSQL reads `8e296a06` as a number and a word) and its
-- stems; no stems, where it is a word that English leaves out of an index.
create function phrase_words(phrase text) returns table (word text, parts text[], stems text[])
  language plpgsql immutable strict parallel safe
as $$
begin
  for word in
    select w from unnest(string_to_array(search_text(phrase), ' ')) with ordinality as t(w, place) where w <> '' order by place limit 16
  loop
    word := left(word, 60);
    word := coalesce((ts_lexize('unaccent', word))[1], word);
    select coalesce(array_agg(token order by place), array[word]) into parts
      from ts_parse('default', word) with ordinality as t(kind, token, place) where kind <> 12;
    stems := ts_lexize('english_stem', word);
    return next;
  end loop;
end
$$;

-- Matches of a condition by the index alone, at most `most`; more are not looked at. Other plans are off, since they would read the whole
-- catalogue where words or filters exclude each other. The row without an id says how many were looked at.
create function ranked_matches(condition tsquery, names tsquery, ranked tsquery, exact_title text,
    from_price bigint, to_price bigint, hidden uuid[], is_featured boolean, most int)
  returns table (id uuid, is_named boolean, score float8, categories text, currency text, amount bigint)
  language plpgsql stable
  set enable_seqscan = off set enable_indexscan = off set enable_indexonlyscan = off
as $$
begin
  return query
    with looked as materialized (
      select p.id, p.terms, p.title_key, p.categories, p.currency, p.min_amount, p.featured, p.seller_id
      from product p where p.status = 'active' and p.terms @@ condition limit most)
    select l.id, l.terms @@ names,
        (ts_rank('{0.2, 0.2, 0.5, 1.0}', l.terms, ranked) + case when l.title_key = exact_title then 1 else 0 end)::float8,
        array_to_string(l.categories, ' '),
        l.currency::text, l.min_amount
      from looked l
      where l.min_amount >= coalesce(from_price, 0) and (to_price is null or l.min_amount <= to_price)
        and (hidden is null or l.seller_id <> all(hidden)) and (is_featured is null or l.featured = is_featured)
    union all select null, null, null, null, null, count(*) from looked;
end
$$;

-- The same for a sorted list: the first `wanted` after a place. `looked` says how many were looked at, in each row.
create function sorted_matches(condition tsquery, sort text, after_key text, after_id uuid, from_price bigint, to_price bigint, hidden uuid[],
    is_featured boolean, most int, wanted int)
  returns table (id uuid, key text)
  language plpgsql stable
  set enable_seqscan = off set enable_indexscan = off set enable_indexonlyscan = off
as $$
begin
  return query
    with looked as materialized (
      select p.id, p.title_key, p.min_amount, p.featured, p.seller_id
      from product p where p.status = 'active' and p.terms @@ condition limit most)
    (select l.id, case sort when 'title' then l.title_key when 'newest' then null else l.min_amount::text end
      from looked l
      where l.min_amount >= coalesce(from_price, 0) and (to_price is null or l.min_amount <= to_price)
        and (hidden is null or l.seller_id <> all(hidden)) and (is_featured is null or l.featured = is_featured)
        and (after_id is null or case sort
          when 'price' then (l.min_amount, l.id) > (after_key::bigint, after_id)
          when '-price' then (l.min_amount, l.id) < (after_key::bigint, after_id)
          when 'title' then (l.title_key, l.id) > (after_key collate "C", after_id)
          else l.id < after_id end)
      order by case sort when 'price' then l.min_amount when '-price' then -l.min_amount end,
        case sort when 'title' then l.title_key end, case when sort in ('price', 'title') then l.id end, l.id desc
      limit wanted)
    union all select null, count(*)::text from looked;
end
$$;

-- How far the rows that were there before are; and the key that authenticates cursors.
create table search_state (
  only_row   boolean primary key default true check (only_row),
  is_complete boolean not null,
  -- Products up to this one have their terms.
  done_to    uuid,
  cursor_key bytea not null default sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
);
insert into search_state (is_complete) select not exists (select from product);
