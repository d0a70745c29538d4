import type { Db } from '@tradepost/postgres/db';

type Size = { products: number; orders: number };

/** Rows written by one statement. */
const AT_ONCE = 100_000;

/** Orders of the past year have ids of their time; the n-th is of 30 s after the one before. */
const orderId = `(lpad(to_hex(1735689600000 + n::bigint * 30000), 12, '0') || '7' || left(md5('o' || n), 3) || '8'
  || substr(md5('o' || n), 4, 15))::uuid`;
const eventId = (kind: string) => `(lpad(to_hex(1735689600000 + n::bigint * 30000), 12, '0') || '7'
  || left(md5('${kind}' || n), 3) || '9' || substr(md5('${kind}' || n), 4, 15))::uuid`;
const placedAt = `timestamptz '2025-01-01' + n * interval '30 seconds'`;
const customerId = `id(n % 50000)`;
/** The product of the n-th order's line; those whose number ends in 0 are out of stock. */
const product = (line: number) => `(1 + ((n::bigint * 7919 + ${line} * 104729) % $3) / 10 * 10 + n % 9)::int`;

const orders = `
  insert into orders (id, customer_id, status, version, amount, currency, shipping_address, payment_provider,
    payment_attempts, reserved_at, captured, idempotency_key, request_hash, created_at, updated_at)
  select ${orderId}, ${customerId}, case when n % 20 = 0 then 'confirmed' else 'delivered' end, 5, 5400, 'EUR',
    '{"name":"Robin Vermeer","line1":"Hafenstrasse 1","city":"Hamburg","postalCode":"20457","country":"DE"}', 'sandbox',
    1, ${placedAt}, 5400, 'key-' || n, sha256(n::text::bytea), ${placedAt}, ${placedAt}
  from generate_series($1::int, $2::int) as n where $3::int > 0`;

const lines = `
  insert into order_line (order_id, sku, position, product_id, seller_id, title, quantity, amount, price_version, fulfilled)
  select ${orderId}, 'SKU-' || p || '-' || (line + 1), line, id(p), id(p % 1000), 'Size 1', 1 + line, 1800, 1, 1 + line
  from generate_series($1::int, $2::int) as n, generate_series(0, 1) as line,
    lateral (select case line when 0 then ${product(0)} else ${product(1)} end as p) as chosen`;

const timeline = `
  insert into order_event (order_id, version, type, status, at)
  select ${orderId}, version, (array['placed', 'stock_reserved', 'payment_captured', 'lines_fulfilled', 'delivered'])[version],
    (array['pending', 'reserved', 'confirmed', 'fulfilled', 'delivered'])[version], ${placedAt}
  from generate_series($1::int, $2::int) as n, generate_series(1, case when n % 20 = 0 then 3 else 5 end) as version
  where $3::int > 0`;

const charges = `
  insert into sandbox_charge (key, amount, currency, status, created_at)
  select ${orderId}::text, 5400, 'EUR', 'captured', ${placedAt} from generate_series($1::int, $2::int) as n where $3::int > 0`;

const reservations = `
  insert into reservation (order_id, status, lines, refunds, expires_at, remind_at, created_at, updated_at)
  select ${orderId}, 'sold', jsonb_build_array(
      jsonb_build_object('sku', 'SKU-' || ${product(0)} || '-1', 'quantity', 1),
      jsonb_build_object('sku', 'SKU-' || ${product(1)} || '-2', 'quantity', 2)),
    '{}', ${placedAt}, ${placedAt}, ${placedAt}, ${placedAt}
  from generate_series($1::int, $2::int) as n`;

const inbox = (...kinds: string[]) => `
  insert into inbox (event_id, handled_at)
  select ${kinds.length === 1 ? eventId(kinds[0] ?? '') : `unnest(array[${kinds.map(eventId).join(', ')}])`}, ${placedAt}
  from generate_series($1::int, $2::int) as n where $3::int > 0`;

/** Orders of the past, most of them delivered, with everything that `order` keeps about them. */
export async function fillOrders(db: Db, size: Size): Promise<void> {
  await inParts(db, size, [orders, lines, timeline, charges, inbox('reserved')]);
}

/** What `product` keeps about the same orders. */
export async function fillReservations(db: Db, size: Size): Promise<void> {
  await inParts(db, size, [reservations, inbox('placed', 'confirmed')]);
}

async function inParts(db: Db, size: Size, statements: readonly string[]): Promise<void> {
  for (let from = 1; from <= size.orders; from += AT_ONCE) {
    const values = [from, Math.min(from + AT_ONCE - 1, size.orders), size.products];
    for (const text of statements) await db.query({ text, values });
  }
}
