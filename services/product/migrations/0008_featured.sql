-- What the shop puts in its window: chosen by its operators, no part of what a seller writes, so no part of the version.
alter table product add column featured boolean not null default false;

create index product_featured on product (id desc) where featured and status = 'active';
