-- Orders that wait for their stock or their payment, by customer: how much an account holds is bounded. An order is due until it is settled.
create index orders_unsettled on orders (customer_id) where due_at is not null;

-- Locks these customers until the transaction ends, and then tells how many orders of each are unsettled, with how many units. The count is
-- a statement of its own, after the locks, so that it sees what the holders before have written: a function that is volatile takes
-- a new snapshot for each of its statements. So two instances that accept orders of one customer never both see the last free place.
create function lock_unsettled(customers uuid[]) returns table (customer_id uuid, orders int, units bigint)
  language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(key) from
    (select distinct hashtextextended('customer ' || c, 0) as key from unnest(customers) as c order by key) as k;
  return query
    select o.customer_id, count(distinct o.id)::int, sum(l.quantity)
    from public.orders o join public.order_line l on l.order_id = o.id
    where o.due_at is not null and o.customer_id = any(customers)
    group by o.customer_id;
end
$$;
