-- Both are trusted extensions: whoever may create objects in the database may create them.
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- Words as they are, and English stems; both without accents.
create text search configuration catalogue_words (copy = simple);
alter text search configuration catalogue_words
  alter mapping for asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart
  with unaccent, simple;
create text search configuration catalogue_stems (copy = english);
alter text search configuration catalogue_stems
  alter mapping for asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart
  with unaccent, english_stem;

-- Lower case, with one space between words, whatever the locale of the database is: else `MUG-330` would be read as the
-- word `mug` and the number -330, and Cyrillic would keep its case in a database of locale C.
create function search_words(phrase text) returns text
  language sql immutable strict parallel safe
  return lower(regexp_replace(phrase collate "pg_c_utf8", '[^[:alnum:]]+', ' ', 'g'));

-- What a shopper typed, as a query: every word must be there, as it is or by its stem; the last one may be unfinished.
-- Words that English leaves out of an index are left out here, unless there are no others.
create function catalogue_query(phrase text) returns tsquery
  language plpgsql immutable strict parallel safe
as $$
declare
  words text[] := (array_remove(string_to_array(search_words(phrase), ' '), ''))[1:8];
  parts text[] := '{}';
  fallback text[] := '{}';
  word text;
  stem text;
  unfinished boolean;
begin
  for i in 1 .. cardinality(words) loop
    word := left(words[i], 60);
    word := coalesce((ts_lexize('unaccent', word))[1], word);
    stem := (ts_lexize('english_stem', word))[1];
    unfinished := i = cardinality(words) and length(word) > 1;
    fallback := fallback || (quote_literal(word) || case when unfinished then ':*' else '' end);
    continue when stem is null;
    -- A stem that the word stands for already would only make the query look more common than it is.
    if stem = word or (unfinished and starts_with(stem, word)) then
      parts := parts || fallback[i];
    else
      parts := parts || format('(%s | %L)', fallback[i], stem);
    end if;
  end loop;
  if cardinality(parts) = 0 then
    parts := fallback;
  end if;
  return array_to_string(parts, ' & ')::tsquery;
end
$$;

create table product (
  id          uuid primary key,
  slug        text collate "C" not null unique,
  title       text not null check (length(title) between 1 and 200),
  description text not null check (length(description) <= 10000),
  seller_id   uuid not null,
  status      text not null check (status in ('active', 'archived')),
  categories  text[] not null check (cardinality(categories) <= 10),
  media       jsonb not null,
  -- Rises by one with each change; stock is no part of it.
  version     integer not null check (version >= 1),
  created_at  timestamptz not null,
  updated_at  timestamptz not null,

  -- What follows is derived from the above, from the variants and from stock, by the statements that write those.
  currency    char(3) not null,
  min_amount  bigint not null check (min_amount >= 0),
  max_amount  bigint not null check (max_amount >= min_amount),
  in_stock    boolean not null,
  -- The title as lists sort by it.
  title_key   text collate "C" not null,
  -- SKUs, titles and attributes of the variants, and the categories, to be found by.
  keywords    text not null,
  -- The answer to a read, but for the description and for what is available of each variant.
  summary     text not null,
  -- What it is called: title, categories, variants.
  names       tsvector not null generated always as (
    setweight(to_tsvector('catalogue_words', search_words(title)), 'A') ||
    setweight(to_tsvector('catalogue_stems', search_words(title)), 'A') ||
    setweight(to_tsvector('catalogue_words', search_words(keywords)), 'B') ||
    setweight(to_tsvector('catalogue_stems', search_words(keywords)), 'B')
  ) stored,
  -- The same, and the description; of a long one only the beginning, so that rows stay short enough to be kept in one place.
  search      tsvector not null generated always as (
    setweight(to_tsvector('catalogue_words', search_words(title)), 'A') ||
    setweight(to_tsvector('catalogue_stems', search_words(title)), 'A') ||
    setweight(to_tsvector('catalogue_words', search_words(keywords)), 'B') ||
    setweight(to_tsvector('catalogue_stems', search_words(keywords)), 'B') ||
    setweight(to_tsvector('catalogue_stems', search_words(left(description, 2000))), 'C')
  ) stored
) with (toast_tuple_target = 4080, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);

create index product_newest on product (id) where status = 'active';
create index product_in_stock on product (id) where status = 'active' and in_stock;
create index product_by_price on product (min_amount, id) where status = 'active';
create index product_by_title on product (title_key, id) where status = 'active';
create index product_archived on product (id) where status = 'archived';
create index product_of_seller on product (seller_id, id);
-- A long list of what is still to be put into the index would have to be read by every search.
create index product_names on product using gin (names) with (gin_pending_list_limit = 256) where status = 'active';
create index product_search on product using gin (search) with (gin_pending_list_limit = 256) where status = 'active';
create index product_categories on product using gin (categories) with (gin_pending_list_limit = 256)
  where status = 'active';

-- A variant is archived, never deleted: orders refer to its SKU.
create table variant (
  sku           text collate "C" primary key check (sku ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  product_id    uuid not null references product,
  position      integer not null check (position >= 1),
  title         text not null check (length(title) <= 200),
  amount        bigint not null check (amount between 0 and 100000000000),
  -- Rises by one with each change of the price.
  price_version integer not null check (price_version >= 1),
  status        text not null check (status in ('active', 'archived')),
  attributes    jsonb not null,
  unique (product_id, position)
);

-- How many active products each category has.
create table category (
  slug     text collate "C" primary key,
  products integer not null check (products >= 0)
);
create index category_largest on category (products desc, slug);

-- The words of titles, to find the one that was meant by a word that no product has. It grows with the language rather
-- than with the catalogue, so that a misspelt search costs the same however many products there are.
create table search_word (
  word text collate "C" primary key
);
create index search_word_similar on search_word using gin (word gin_trgm_ops);
