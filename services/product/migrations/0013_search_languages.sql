-- The languages of the shop, each with its stems and its stop words. `languages` is what products are indexed with; while
-- `is_refilled` is false, a task gives the products that were there before the stems of these languages, in batches.
alter table search_state
  add column languages text[] not null default '{english}',
  add column is_refilled boolean not null default true;

-- `catalogue_stems` is that of English. Each reads words without accents, as it does.
do $$
declare
  language text;
begin
  foreach language in array '{arabic,catalan,danish,dutch,finnish,french,german,greek,hungarian,indonesian,irish,italian,lithuanian,norwegian,portuguese,romanian,russian,spanish,swedish,turkish}'::text[]
  loop
    execute format('create text search configuration catalogue_stems_%s (copy = simple)', language);
    execute format('alter text search configuration catalogue_stems_%s
      alter mapping for asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart
      with unaccent, %s_stem', language, language);
  end loop;
  execute 'create text search configuration catalogue_stems_english (copy = catalogue_stems)';
end
$$;

-- The stems of a text in each of the languages, each stem once: a text need not say which language it is in.
create function search_stems(phrase text, languages text[]) returns tsvector
  language plpgsql stable parallel safe
as $$
declare
  stems tsvector := to_tsvector(('catalogue_stems_' || languages[1])::regconfig, phrase);
begin
  for i in 2 .. cardinality(languages) loop
    stems := stems || ts_delete(to_tsvector(('catalogue_stems_' || languages[i])::regconfig, phrase), tsvector_to_array(stems));
  end loop;
  return stems;
end
$$;

-- As in 0012, with the stems of the languages of the shop.
create or replace function product_terms(p product) returns tsvector
  language plpgsql stable
as $$
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
$$;

-- As in 0012, with the stems of several languages, each once. A word that one of them leaves out of an index has none. Stop words are
-- looked for as they are written (`für`), everything else without accents, as the index has it.
create function phrase_words(phrase text, languages text[]) returns table (word text, parts text[], stems text[])
  language plpgsql stable strict parallel safe
as $$
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
$$;

-- German and its neighbours write several words as one. Words of titles that end with a word (`tasse`: `kaffeetasse`), at most eight; and, of
-- a word that no title has, the two words that it is made of (`wollpullover`: `wolle` and `pullover`).
create function compound_words(wanted text, language text) returns table (part text, whole text)
  language plpgsql stable strict parallel safe
as $$
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
$$;
