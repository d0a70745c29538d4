create extension pg_trgm;

create extension unaccent;

CREATE OR REPLACE FUNCTION public.catalogue_query(phrase text)
 RETURNS tsquery
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
declare
  words text[] := (array_remove(string_to_array(search_words(phrase), ' '), ''))[1:8];
  parts text[] := '{}';
  fallback text[] := '{}';
  word text;
  stem text;
  lexemes text[];
begin
  for i in 1 .. cardinality(words) loop
    word := left(words[i], 60);
    word := coalesce((ts_lexize('unaccent', word))[1], word);
    stem := (ts_lexize('english_stem', word))[1];
    select coalesce(array_agg(quote_literal(token) order by place), array[quote_literal(word)]) into lexemes
      from ts_parse('default', word) with ordinality as t(kind, token, place) where kind <> 12;
    if i = cardinality(words) and length(word) > 1 then
      lexemes[cardinality(lexemes)] := lexemes[cardinality(lexemes)] || ':*';
    end if;
    if cardinality(lexemes) > 1 then
      word := '(' || array_to_string(lexemes, ' & ') || ')';
    else
      word := lexemes[1];
    end if;
    fallback := fallback || word;
    if stem is not null then
      parts := parts || format('(%s | %L)', word, stem);
    end if;
  end loop;
  if cardinality(parts) = 0 then
    parts := fallback;
  end if;
  return array_to_string(parts, ' & ')::tsquery;
end
$function$
;

CREATE OR REPLACE FUNCTION public.compound_words(wanted text, language text)
 RETURNS TABLE(part text, whole text)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE STRICT
AS $function$
declare
  stem text := (ts_lexize((language || '_stem')::regdictionary, wanted))[1];
  tail text;
begin
  if length(stem) < 4 then
    return;
  end if;
  return query select null::text, s.word from search_word s
    where s.word like '%' || stem || '%' and (ts_lexize((language || '_stem')::regdictionary, s.word))[1] like '___%' || stem
    order by length(s.word), s.word limit 8;
  if exists (select from search_word s where s.word = wanted) then
    return;
  end if;
  -- The longest second part that is a word.
  for i in 3 .. length(wanted) - 4 loop
    tail := substr(wanted, i + 1);
    return query select s.word, tail from search_word s
      where s.word >= left(wanted, i - 2) and s.word < left(wanted, i - 2) || '{' and length(s.word) between i - 2 and i + 1
        and (s.word like left(wanted, i) || '%' and length(s.word) <= i + 1
          or s.word = left(wanted, i - 1) and right(left(wanted, i), 1) in ('s', 'n')
          or s.word = left(wanted, i - 2) and right(left(wanted, i), 2) in ('es', 'en'))
        and exists (select from search_word t where t.word = tail or length(tail) > 4 and t.word like tail || '_')
      order by length(s.word) desc limit 1;
    if found then
      return;
    end if;
  end loop;
end
$function$
;

CREATE OR REPLACE FUNCTION public.phrase_words(phrase text)
 RETURNS TABLE(word text, parts text[], stems text[])
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.phrase_words(phrase text, languages text[])
 RETURNS TABLE(word text, parts text[], stems text[])
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE STRICT
AS $function$
declare
  written text;
begin
  for word in
    select w from unnest(string_to_array(search_text(phrase), ' ')) with ordinality as t(w, place) where w <> '' order by place limit 16
  loop
    written := left(word, 60);
    word := coalesce((ts_lexize('unaccent', written))[1], written);
    select coalesce(array_agg(token order by place), array[word]) into parts
      from ts_parse('default', word) with ordinality as t(kind, token, place) where kind <> 12;
    select case when bool_or(found.lexemes = '{}' or found.of_written = '{}') then '{}'
        else coalesce(array_agg(distinct found.lexemes[1]), '{}') end into stems
      from unnest(languages) as language,
        lateral (select ts_lexize((language || '_stem')::regdictionary, word) as lexemes,
          ts_lexize((language || '_stem')::regdictionary, written) as of_written) as found;
    return next;
  end loop;
end
$function$
;

CREATE OR REPLACE FUNCTION public.product_terms(p product)
 RETURNS tsvector
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  languages text[] := (select s.languages from search_state s);
  title text := search_text(p.title);
  keywords text := search_text(p.keywords);
  digits text := p.id::text;
begin
  return setweight(to_tsvector('catalogue_words', title) || search_stems(title, languages), 'A')
    || setweight(to_tsvector('catalogue_words', keywords) || search_stems(keywords, languages), 'B')
    || array_to_tsvector(
      array(select '~' || stem from unnest(tsvector_to_array(search_stems(search_text(left(p.description, 2000)), languages))) as stem)
      || array(select 'c=' || slug from unnest(p.categories) as slug)
      || array['s=' || p.seller_id, 'm=' || p.currency, 'r=' || right(digits, 1), 'r=' || right(digits, 2), 'r=' || right(digits, 3)])
    || stock_terms(p.in_stock, p.featured);
end
$function$
;

CREATE OR REPLACE FUNCTION public.ranked_matches(condition tsquery, names tsquery, ranked tsquery, exact_title text, from_price bigint, to_price bigint, hidden uuid[], is_featured boolean, most integer)
 RETURNS TABLE(id uuid, is_named boolean, score double precision, categories text, currency text, amount bigint, in_stock boolean)
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
 SET enable_indexscan TO 'off'
 SET enable_indexonlyscan TO 'off'
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.search_stems(phrase text, languages text[])
 RETURNS tsvector
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$
declare
  stems tsvector := to_tsvector(('catalogue_stems_' || languages[1])::regconfig, phrase);
begin
  for i in 2 .. cardinality(languages) loop
    stems := stems || ts_delete(to_tsvector(('catalogue_stems_' || languages[i])::regconfig, phrase), tsvector_to_array(stems));
  end loop;
  return stems;
end
$function$
;

CREATE OR REPLACE FUNCTION public.search_text(phrase text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.search_words(phrase text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN lower(regexp_replace((phrase COLLATE pg_c_utf8), '[^[:alnum:]]+'::text, ' '::text, 'g'::text))
;

CREATE OR REPLACE FUNCTION public.sorted_matches(condition tsquery, sort text, after_key text, after_id uuid, from_price bigint, to_price bigint, hidden uuid[], is_featured boolean, most integer, wanted integer)
 RETURNS TABLE(id uuid, key text)
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
 SET enable_indexscan TO 'off'
 SET enable_indexonlyscan TO 'off'
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.stock_terms(in_stock boolean, featured boolean)
 RETURNS tsvector
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN array_to_tsvector((CASE WHEN in_stock THEN '{i=1}'::text[] ELSE '{i=0}'::text[] END || CASE WHEN featured THEN '{f=1}'::text[] ELSE '{}'::text[] END))
;

CREATE OR REPLACE FUNCTION public.write_product_terms()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
$function$
;

create table category (
  slug text collate "C" not null,
  products integer not null,
  constraint category_pkey PRIMARY KEY (slug),
  constraint category_products_check CHECK ((products >= 0))
);

create table category_navigation (
  only_row boolean not null default true,
  slugs text[] collate "C" not null,
  version integer not null default 1,
  constraint category_navigation_pkey PRIMARY KEY (only_row),
  constraint category_navigation_only_row_check CHECK (only_row),
  constraint category_navigation_version_check CHECK ((version >= 1))
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

create table idempotency_key (
  account_id uuid not null,
  scope text not null,
  key text not null,
  request_hash bytea not null,
  resource_id uuid not null,
  created_at timestamp with time zone not null,
  constraint idempotency_key_pkey PRIMARY KEY (account_id, scope, key),
  constraint idempotency_key_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255)))
);

create table inbox (
  event_id uuid not null,
  handled_at timestamp with time zone not null default now(),
  constraint inbox_pkey PRIMARY KEY (event_id)
);

create table jwks_cache (
  only_row boolean not null default true,
  jwks text not null,
  fetched_at timestamp with time zone not null default now(),
  constraint jwks_cache_pkey PRIMARY KEY (only_row),
  constraint jwks_cache_only_row_check CHECK (only_row)
);

create table outbox (
  id bigint not null generated always as identity,
  event json not null,
  created_at timestamp with time zone not null default now(),
  constraint outbox_pkey PRIMARY KEY (id)
) with (autovacuum_analyze_scale_factor=0, autovacuum_analyze_threshold=10000, autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000, toast.autovacuum_vacuum_cost_delay=0, toast.autovacuum_vacuum_scale_factor=0, toast.autovacuum_vacuum_threshold=1000);

create table product (
  id uuid not null,
  slug text collate "C" not null,
  title text not null,
  description text not null,
  seller_id uuid not null,
  status text not null,
  categories text[] not null,
  media jsonb not null,
  version integer not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  currency character(3) not null,
  min_amount bigint not null,
  max_amount bigint not null,
  in_stock boolean not null,
  title_key text collate "C" not null,
  keywords text not null,
  summary text not null,
  names tsvector not null generated always as ((((setweight(to_tsvector('catalogue_words'::regconfig, search_words(title)), 'A'::"char") || setweight(to_tsvector('catalogue_stems'::regconfig, search_words(title)), 'A'::"char")) || setweight(to_tsvector('catalogue_words'::regconfig, search_words(keywords)), 'B'::"char")) || setweight(to_tsvector('catalogue_stems'::regconfig, search_words(keywords)), 'B'::"char"))) stored,
  search tsvector not null generated always as (((((setweight(to_tsvector('catalogue_words'::regconfig, search_words(title)), 'A'::"char") || setweight(to_tsvector('catalogue_stems'::regconfig, search_words(title)), 'A'::"char")) || setweight(to_tsvector('catalogue_words'::regconfig, search_words(keywords)), 'B'::"char")) || setweight(to_tsvector('catalogue_stems'::regconfig, search_words(keywords)), 'B'::"char")) || setweight(to_tsvector('catalogue_stems'::regconfig, search_words("left"(description, 2000))), 'C'::"char"))) stored,
  featured boolean not null default false,
  tax_class text not null default 'standard'::text,
  digital boolean not null default false,
  terms tsvector,
  constraint product_pkey PRIMARY KEY (id),
  constraint product_categories_check CHECK ((cardinality(categories) <= 10)),
  constraint product_check CHECK ((max_amount >= min_amount)),
  constraint product_description_check CHECK ((length(description) <= 10000)),
  constraint product_min_amount_check CHECK ((min_amount >= 0)),
  constraint product_slug_key UNIQUE (slug),
  constraint product_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'archived'::text]))),
  constraint product_tax_class_check CHECK ((tax_class ~ '^[a-z0-9-]{1,40}$'::text)),
  constraint product_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200))),
  constraint product_version_check CHECK ((version >= 1))
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_scale_factor=0.05, toast_tuple_target=4080);

create table reservation (
  order_id uuid not null,
  status text not null,
  lines jsonb not null,
  rejection jsonb,
  refunds uuid[] not null,
  expires_at timestamp with time zone,
  cancelled_at timestamp with time zone,
  remind_at timestamp with time zone,
  reminders integer not null default 0,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint reservation_pkey PRIMARY KEY (order_id),
  constraint reservation_check CHECK (((rejection IS NOT NULL) = (status = 'rejected'::text))),
  constraint reservation_check1 CHECK (((status <> 'held'::text) OR ((expires_at IS NOT NULL) AND (remind_at IS NOT NULL)))),
  constraint reservation_status_check CHECK ((status = ANY (ARRAY['held'::text, 'sold'::text, 'released'::text, 'rejected'::text])))
) with (fillfactor=80);

create table search_state (
  only_row boolean not null default true,
  is_complete boolean not null,
  done_to uuid,
  cursor_key bytea not null default sha256((uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))),
  languages text[] not null default '{english}'::text[],
  is_refilled boolean not null default true,
  synonyms_version integer not null default 1,
  constraint search_state_pkey PRIMARY KEY (only_row),
  constraint search_state_only_row_check CHECK (only_row)
);

create table search_synonym (
  id uuid not null,
  terms text[] not null,
  version integer not null,
  constraint search_synonym_pkey PRIMARY KEY (id),
  constraint search_synonym_terms_check CHECK (((cardinality(terms) >= 2) AND (cardinality(terms) <= 10))),
  constraint search_synonym_version_check CHECK ((version >= 1))
);

create table search_word (
  word text collate "C" not null,
  constraint search_word_pkey PRIMARY KEY (word)
);

create table seller_status (
  seller_id uuid not null,
  version integer not null,
  has_role boolean not null,
  banned boolean not null,
  banned_until timestamp with time zone,
  suspended boolean not null generated always as (((NOT has_role) OR banned)) stored,
  suspended_since timestamp with time zone,
  constraint seller_status_pkey PRIMARY KEY (seller_id),
  constraint seller_status_version_check CHECK ((version >= 1))
);

create table seller_status_change (
  id bigint not null generated always as identity,
  seller_id uuid not null,
  done_to uuid not null default '00000000-0000-0000-0000-000000000000'::uuid,
  constraint seller_status_change_pkey PRIMARY KEY (id)
);

create table stock (
  sku text collate "C" not null,
  product_id uuid not null,
  "position" integer not null,
  on_hand integer not null,
  reserved integer not null default 0,
  sold integer not null default 0,
  constraint stock_pkey PRIMARY KEY (sku),
  constraint stock_check CHECK (((reserved >= 0) AND (reserved <= on_hand))),
  constraint stock_on_hand_check CHECK (((on_hand >= 0) AND (on_hand <= 1000000000))),
  constraint stock_sku_fkey FOREIGN KEY (sku) REFERENCES variant(sku),
  constraint stock_sold_check CHECK ((sold >= 0))
) with (autovacuum_vacuum_scale_factor=0.02, fillfactor=70);

create table stock_adjustment (
  id uuid not null,
  sku text collate "C" not null,
  delta integer not null,
  reason text not null,
  adjusted_by uuid not null,
  on_hand integer not null,
  created_at timestamp with time zone not null,
  constraint stock_adjustment_pkey PRIMARY KEY (id),
  constraint stock_adjustment_delta_check CHECK ((delta <> 0)),
  constraint stock_adjustment_on_hand_check CHECK ((on_hand >= 0)),
  constraint stock_adjustment_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 200))),
  constraint stock_adjustment_sku_fkey FOREIGN KEY (sku) REFERENCES stock(sku)
);

create table stock_movement (
  sku text collate "C" not null,
  id uuid not null,
  order_id uuid not null,
  delta integer not null,
  on_hand integer not null,
  at timestamp with time zone not null,
  constraint stock_movement_pkey PRIMARY KEY (sku, id),
  constraint stock_movement_delta_check CHECK ((delta <> 0)),
  constraint stock_movement_on_hand_check CHECK ((on_hand >= 0))
);

create table variant (
  sku text collate "C" not null,
  product_id uuid not null,
  "position" integer not null,
  title text not null,
  amount bigint not null,
  price_version integer not null,
  status text not null,
  attributes jsonb not null,
  weight_grams integer,
  constraint variant_pkey PRIMARY KEY (sku),
  constraint variant_amount_check CHECK (((amount >= 0) AND (amount <= '100000000000'::bigint))),
  constraint variant_position_check CHECK (("position" >= 1)),
  constraint variant_price_version_check CHECK ((price_version >= 1)),
  constraint variant_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id),
  constraint variant_product_id_position_key UNIQUE (product_id, "position"),
  constraint variant_sku_check CHECK ((sku ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'::text)),
  constraint variant_status_check CHECK ((status = ANY (ARRAY['active'::text, 'archived'::text]))),
  constraint variant_title_check CHECK ((length(title) <= 200)),
  constraint variant_weight_grams_check CHECK (((weight_grams >= 0) AND (weight_grams <= 1000000)))
);

CREATE INDEX category_largest ON public.category USING btree (products DESC, slug);

CREATE INDEX idempotency_key_old ON public.idempotency_key USING btree (created_at);

CREATE INDEX product_archived ON public.product USING btree (id) WHERE (status = 'archived'::text);

CREATE INDEX product_by_price ON public.product USING btree (min_amount, id) WHERE (status = 'active'::text);

CREATE INDEX product_by_title ON public.product USING btree (title_key, id) WHERE (status = 'active'::text);

CREATE INDEX product_categories ON public.product USING gin (categories) WITH (gin_pending_list_limit='256') WHERE (status = 'active'::text);

CREATE INDEX product_featured ON public.product USING btree (id DESC) WHERE (featured AND (status = 'active'::text));

CREATE INDEX product_in_stock ON public.product USING btree (id) WHERE ((status = 'active'::text) AND in_stock);

CREATE INDEX product_names ON public.product USING gin (names) WITH (gin_pending_list_limit='256') WHERE (status = 'active'::text);

CREATE INDEX product_newest ON public.product USING btree (id) WHERE (status = 'active'::text);

CREATE INDEX product_of_seller ON public.product USING btree (seller_id, id);

CREATE INDEX product_search ON public.product USING gin (search) WITH (gin_pending_list_limit='256') WHERE (status = 'active'::text);

CREATE INDEX product_terms ON public.product USING gin (terms) WITH (gin_pending_list_limit='256') WHERE ((status = 'active'::text) AND (terms IS NOT NULL));

CREATE INDEX reservation_expiring ON public.reservation USING btree (remind_at) WHERE (status = 'held'::text);

CREATE INDEX search_word_similar ON public.search_word USING gin (word gin_trgm_ops);

CREATE INDEX seller_status_ban_ending ON public.seller_status USING btree (banned_until) WHERE (banned AND (banned_until IS NOT NULL));

CREATE INDEX seller_status_change_of_seller ON public.seller_status_change USING btree (seller_id, id);

CREATE INDEX stock_of_product ON public.stock USING btree (product_id, "position");

CREATE INDEX stock_adjustment_of_sku ON public.stock_adjustment USING btree (sku, id);

CREATE TRIGGER product_terms BEFORE INSERT OR UPDATE OF title, keywords, description, categories, in_stock, featured ON public.product FOR EACH ROW EXECUTE FUNCTION write_product_terms();
