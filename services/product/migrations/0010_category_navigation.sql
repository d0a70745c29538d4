-- Which categories the shop's navigation shows, and in which order: chosen by its operators. A category that a seller has
-- made by naming it is not shown before an operator adds it. The categories of a shop that is already open stay where they are.
create table category_navigation (
  only_row boolean primary key default true check (only_row),
  slugs text[] collate "C" not null,
  version int not null default 1 check (version >= 1)
);

insert into category_navigation (slugs)
select coalesce(array_agg(slug order by products desc, slug), '{}')
from (select slug, products from category where products > 0 order by products desc, slug limit 100) as largest;
