-- As in 0003, but a word is taken apart as the index takes it apart: PostgreSQL reads the beginning of `8e296a06` as a
-- number, so it is two lexemes there, and was looked for as one.
create or replace function catalogue_query(phrase text) returns tsquery
  language plpgsql immutable strict parallel safe
as $$
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
$$;
