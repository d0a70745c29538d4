// Long: one case for each rule of the audit
import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit, type CheckName, checks } from '../src/audit/audit.ts';
import type { Expectations, Problem, SystemUnderAudit } from '../src/audit/system-under-audit.ts';
import type { Ban, CartHistory, OrderAction, ServerError } from '../src/workload/request-log.ts';

const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const [ORDER, CUSTOMER, SELLER, PRODUCT, CART] = [id(1), id(2), id(3), id(4), id(5)];
const [PROMOTION, METHOD] = [id(6), id(7)];
const recorded = new Map<string, { type: string; subject: string }>();
const depths = new Map<string, number>();
/** What the API says; a test may make it say something else. */
const api = { shows: true, status: 'confirmed', onHand: 8 };
let order: TestDatabase;
let product: TestDatabase;
let notification: TestDatabase;
const mailsTaken = new Map<string, number>();
let system: SystemUnderAudit;

const done = { startedMs: 10, endedMs: 20, attempts: 1, outcome: 'acknowledged' } as const;
const cart: CartHistory = {
  id: CART,
  skus: new Set(),
  writes: [],
  checkouts: [],
  merges: [],
  declined: [],
  isContended: false,
};
/** What clients did; a test may add to it. */
const log = {
  carts: [cart],
  orderActions: [] as OrderAction[],
  bans: [] as Ban[],
  serverErrors: [] as ServerError[],
  disturbances: [{ startedMs: 1000, endedMs: 2000 }],
};
const expectations: Expectations = {
  accepted: new Set([ORDER]),
  hasPaymentMessages: true,
  hasInvoices: true,
  wanted: [
    {
      ...{ key: 'key', lines: [{ sku: 'MUG', quantity: 2 }], orderId: ORDER },
      ...{ guestEmail: null, couponCodes: ['SPRING'], shippingMethod: METHOD, expectedTotal: 2500 },
    },
  ],
  stock: new Map([['MUG', 10]]),
  ...log,
};

beforeAll(async () => {
  [order, product, notification] = await Promise.all([
    testDatabase(new URL('../../services/order/migrations/', import.meta.url)),
    testDatabase(new URL('../../services/product/migrations/', import.meta.url)),
    testDatabase(new URL('../../services/notification/migrations/', import.meta.url)),
  ]);
  system = {
    ...{ order: order.pool, product: product.pool },
    databases: new Map([
      ['order', order.pool],
      ['product', product.pool],
      ['notification', notification.pool],
    ]),
    get: async (path) =>
      path.startsWith('/api/v1/stock/')
        ? { sku: 'MUG', onHand: api.onHand, reserved: 0, available: api.onHand }
        : { items: api.shows ? [{ id: ORDER, status: api.status }] : [], nextCursor: null },
    events: { recorded, depths: async () => depths },
    mailsTaken,
  };
});
afterAll(() => Promise.all([order?.drop(), product?.drop(), notification?.drop()]));

/** A coupon takes off as much as sending costs; tax is in the prices. */
const adjustments = [
  { type: 'promotion', sku: 'MUG', sourceId: PROMOTION, amount: -490, included: false },
  { type: 'shipping', sku: null, sourceId: METHOD, amount: 490, included: false },
  { type: 'tax', sku: 'MUG', sourceId: id(8), amount: 321, included: true },
];

/** Two of ten mugs were bought and paid for, and everybody knows it. */
beforeEach(async () => {
  const events = ['order.placed.v1', 'stock.reserved.v1', 'order.confirmed.v1'];
  recorded.clear();
  depths.clear();
  for (const [n, type] of events.entries()) recorded.set(id(100 + n), { type, subject: ORDER });
  Object.assign(api, { shows: true, status: 'confirmed', onHand: 8 });
  for (const list of [log.orderActions, log.bans, log.serverErrors]) list.length = 0;
  Object.assign(cart, {
    writes: [{ ...done, sku: 'MUG', quantity: 2 }],
    checkouts: [{ ...done, email: '', token: 'ok', orderId: ORDER }],
    ...{ declined: [], merges: [] },
  });
  await run(order, [
    'truncate invoice_counter, orders, cart, promotion, sandbox_charge, sellable_variant, inbox, outbox, dead_letter cascade',
    `insert into orders (id, customer_id, status, version, amount, currency, shipping_address, payment_provider, captured,
      idempotency_key, request_hash, created_at, updated_at, shipping, adjustments)
      values ('${ORDER}', '${CUSTOMER}', 'confirmed', 3, 2500, 'EUR', '{}', 'sandbox', 2500, 'key', '', now(), now(),
        '{"methodId": "${METHOD}", "amount": 490}', '${JSON.stringify(adjustments)}')`,
    `insert into order_line (order_id, sku, position, product_id, seller_id, title, quantity, amount, price_version, discount, tax)
      values ('${ORDER}', 'MUG', 0, '${PRODUCT}', '${SELLER}', 'Mug', 2, 1250, 1, 490, 321)`,
    `insert into promotion (id, name, code, benefit, limit_total, limit_per_customer, used, created_at)
      values ('${PROMOTION}', 'Spring', 'SPRING', '{}', 2, 1, 1, now())`,
    `insert into promotion_use values ('${PROMOTION}', '${CUSTOMER}', '${ORDER}')`,
    `insert into order_event (order_id, version, type, status, at) values ('${ORDER}', 1, 'placed', 'pending', now()),
      ('${ORDER}', 2, 'stock_reserved', 'reserved', now()), ('${ORDER}', 3, 'payment_captured', 'confirmed', now())`,
    `insert into sandbox_charge (key, amount, currency, status) values ('${ORDER}', 2500, 'EUR', 'captured')`,
    `insert into ledger_entry (order_id, type, debit, credit, amount, currency, source, at) values
      ('${ORDER}', 'capture', 'provider_balance', 'customer_payments', 2500, 'EUR', 'try 1', now()),
      ('${ORDER}', 'fee', 'fees', 'provider_balance', 63, 'EUR', 'message 1', now())`,
    `insert into invoice_counter values ('INV', 2026, 1, now())`,
    document({ number: 1, gross: 2500 }),
    `insert into sellable_variant values ('MUG', '${PRODUCT}', '${SELLER}', 'Mug', 1250, 'EUR', true, 1, 1)`,
    `insert into inbox (event_id) values ('${id(101)}')`,
    `insert into cart (id, customer_id, order_id, created_at, updated_at)
      values ('${CART}', '${CUSTOMER}', '${ORDER}', now(), now())`,
  ]);
  await run(product, [
    'truncate product, reservation, inbox, outbox, dead_letter cascade',
    `insert into product (id, slug, title, description, seller_id, status, categories, media, version, created_at, updated_at,
      currency, min_amount, max_amount, in_stock, title_key, keywords, summary)
      values ('${PRODUCT}', 'mug', 'Mug', '', '${SELLER}', 'active', '{}', '[]', 1, now(), now(), 'EUR', 1250, 1250, true,
        'mug', '', '')`,
    `insert into variant (sku, product_id, position, title, amount, price_version, status, attributes)
      values ('MUG', '${PRODUCT}', 1, '', 1250, 1, 'active', '{}')`,
    `insert into stock (sku, product_id, position, on_hand, reserved, sold) values ('MUG', '${PRODUCT}', 1, 8, 0, 2)`,
    `insert into reservation (order_id, status, lines, refunds, created_at, updated_at) values ('${ORDER}', 'sold',
      '[{"sku": "MUG", "quantity": 2, "returned": 0}]', '{}', now(), now())`,
    `insert into inbox (event_id) values ('${id(100)}'), ('${id(102)}')`,
  ]);
});

/** The mails about it were sent. */
beforeEach(async () => {
  await run(notification, [
    'truncate mail, inbox, outbox, dead_letter',
    mail(id(40), `order:${ORDER}:confirmed`),
    mail(id(41), `order:${ORDER}:new-order:${SELLER}`),
    `insert into inbox (event_id) values ('${id(102)}')`,
  ]);
  mailsTaken.clear();
  for (const one of [40, 41]) mailsTaken.set(`<${id(one)}@localhost>`, 1);
});

const mail = (mailId: string, cause: string) =>
  `insert into mail (id, cause, kind, locale, recipient, data, status, due_at, attempts, created_at, finished_at)
    values ('${mailId}', '${cause}', 'order_confirmed', 'en', 'a@example.com', '{}', 'sent', now(), 1, now(), now())`;

async function run({ pool }: TestDatabase, statements: readonly string[]): Promise<void> {
  for (const text of statements) await pool.query({ text });
}

async function found(only: CheckName): Promise<Problem[]> {
  const findings = await audit(system, expectations, [only]);
  return findings.flatMap(({ problems }) => problems);
}

const inOrder = (text: string) => () => run(order, [text]);
const inProduct = (text: string) => () => run(product, [text]);
const inNotification = (text: string) => () => run(notification, [text]);

/** A second confirmed order, with a line. */
const anotherOrder = `with o as (
  insert into orders (id, customer_id, status, amount, currency, shipping_address, payment_provider, captured,
      idempotency_key, request_hash, created_at, updated_at) select '${id(9)}', customer_id, status, amount, currency,
      shipping_address, payment_provider, captured, 'another', '', now(), now() from orders returning id)
  insert into order_line (order_id, sku, position, product_id, seller_id, title, quantity, amount, price_version)
    select o.id, l.sku, 0, l.product_id, l.seller_id, l.title, l.quantity, l.amount, 1 from o, order_line l`;
const document = (o: { number: number; gross: number }) => `insert into invoice
  (number, type, series, year, sequence, order_id, issued_at, currency, net, tax, gross, content)
  values ('INV-${o.number}', 'invoice', 'INV', 2026, ${o.number}, '${ORDER}', now(), 'EUR', ${o.gross}, 0, ${o.gross}, '{}')`;
const anotherUse = `insert into promotion_use select promotion_id, customer_id, '${id(9)}' from promotion_use`;
const ofCart = `update orders set cart_id = '${CART}'`;
const feeAgain = `insert into ledger_entry (order_id, type, debit, credit, amount, currency, source, at)
  values ('${ORDER}', 'fee', 'fees', 'provider_balance', 63, 'EUR', 'message 1', now())`;
const parcel = `insert into fulfilment (id, order_id, lines, created_by, created_at, idempotency_key, request_hash)
  values ('${id(20)}', '${ORDER}', '[{"sku": "MUG", "quantity": 1}]', '${SELLER}', now(), 'p', '')`;
const goodsBack = `insert into goods_return (id, order_id, lines, restock, reason, created_by, created_at, idempotency_key, request_hash)
  values ('${id(22)}', '${ORDER}', '[{"sku": "MUG", "quantity": 1}]', true, 'x', '${SELLER}', now(), 'g', '')`;
const bookedRefund = `insert into refund (id, order_id, amount, status, reason, lines, created_at, idempotency_key, request_hash)
  values ('${id(21)}', '${ORDER}', 1, 'done', '', '[{"sku": "MUG", "quantity": 1}]', now(), 'r', '')`;
/** Longer than the slowest machine takes to come to a test. */
const A_YEAR_MS = 365 * 86_400_000;
const acted = (action: Partial<OrderAction>) => () =>
  void log.orderActions.push({ ...done, orderId: ORDER, kind: 'fulfil', ...action });
const ban = (o: Partial<Ban>) => () =>
  void log.bans.push({ sellerId: SELLER, bannedAt: 0, effectiveAt: 0, liftedAt: 0, isRestored: true, ...o });
const answered = (status: number, startedMs: number) => () =>
  void log.serverErrors.push({ request: 'GET /', status, startedMs, endedMs: startedMs + 10 });

const guest: CartHistory = { ...cart, id: id(30), writes: [{ ...done, endedMs: 11, sku: 'MUG', quantity: 3 }] };
/** The merge of a guest's cart with three mugs, after which the account's cart holds this many. */
const mergeThatKept = (quantity: number) => ({ ...done, from: guest, lines: [{ sku: 'MUG', quantity }] });

/** One thing is wrong in each: the check that must see it, and what it is to a shop. */
const wrongs: [string, CheckName, Problem['kind'], () => Promise<void> | void][] = [
  [
    'an order that is gone',
    'settled',
    'lost',
    () => run(order, ['truncate invoice', 'delete from cart', 'delete from ledger_entry', 'delete from orders']),
  ],
  ['an order that nobody decided', 'settled', 'lost', inOrder(`update orders set status = 'pending'`)],
  ['a second order', 'once-per-key', 'doubled', inOrder(anotherOrder)],
  ['another quantity', 'as-wanted', 'mismatched', inOrder('update order_line set quantity = 3')],
  ['an order of another guest', 'as-wanted', 'mismatched', inOrder(`update orders set guest_email = 'b@example.com'`)],
  ['an order without its coupon', 'as-wanted', 'mismatched', inOrder(`update promotion set code = 'OTHER'`)],
  ['another way of sending', 'as-wanted', 'mismatched', inOrder('update orders set shipping = null')],
  [
    'a price that was not expected',
    'as-wanted',
    'mismatched',
    inOrder('update orders set amount = 2501, captured = 2501'),
  ],
  ['a total that is no sum', 'prices', 'mismatched', inOrder('update order_line set amount = 1249')],
  [
    'a shipping price that is no sum',
    'prices',
    'mismatched',
    inOrder(`update orders set shipping = '{"amount": 491}'`),
  ],
  ['a discount that nothing gave', 'prices', 'mismatched', inOrder('update order_line set discount = 491')],
  ['a tax that nothing says', 'prices', 'mismatched', inOrder('update order_line set tax = 320')],
  ['an exemption that nothing says', 'prices', 'mismatched', inOrder('update order_line set tax_exemption = 1')],
  ['a use that is not counted', 'promotions', 'mismatched', inOrder('update promotion set used = 0')],
  ['an order that uses nothing of its coupon', 'promotions', 'mismatched', inOrder('delete from promotion_use')],
  [
    'a use that was not given back',
    'promotions',
    'mismatched',
    inOrder(`update orders set status = 'cancelled', captured = 0`),
  ],
  [
    'a use of another customer',
    'promotions',
    'mismatched',
    inOrder(`update promotion_use set customer_id = '${id(9)}'`),
  ],
  [
    'a coupon that is used too often',
    'promotions',
    'oversold',
    () =>
      run(order, [
        anotherOrder,
        anotherUse,
        'update promotion set used = 2, limit_total = 1, limit_per_customer = null',
      ]),
  ],
  [
    'a customer who has used a coupon too often',
    'promotions',
    'oversold',
    () => run(order, [anotherOrder, anotherUse, 'update promotion set used = 2']),
  ],
  [
    'a second order of a guest under one key',
    'once-per-key',
    'doubled',
    () =>
      run(order, [
        anotherOrder,
        `update orders set guest_email = 'a@example.com', idempotency_key = 'key', customer_id = id`,
      ]),
  ],
  ['an API that says something else', 'api', 'mismatched', () => void Object.assign(api, { status: 'pending' })],
  ['an order that the API does not show', 'api', 'lost', () => void Object.assign(api, { shows: false })],
  [
    'a second charge',
    'charges',
    'doubled',
    inOrder(
      `insert into sandbox_charge (key, amount, currency, status) values ('${ORDER} 2', 2500, 'EUR', 'captured')`,
    ),
  ],
  ['a cent too little', 'charges', 'mismatched', inOrder('update sandbox_charge set amount = 2499')],
  [
    'money given back that nobody booked',
    'refunds',
    'mismatched',
    inOrder(`insert into sandbox_refund (key, charge_key, amount) values ('r', '${ORDER}', 1)`),
  ],
  ['a fee that is booked twice', 'ledger', 'mismatched', inOrder(feeAgain)],
  [
    'a capture that the ledger lacks',
    'ledger',
    'mismatched',
    inOrder(`delete from ledger_entry where type = 'capture'`),
  ],
  ['an order without its invoice', 'invoices', 'mismatched', inOrder('truncate invoice')],
  [
    'a number that no document has',
    'invoices',
    'mismatched',
    () => run(order, ['truncate invoice', document({ number: 2, gross: 2500 }), 'update invoice_counter set last = 2']),
  ],
  ['a counter that is behind', 'invoices', 'mismatched', inOrder('update invoice_counter set last = 0')],
  [
    'an invoice of another amount',
    'invoices',
    'mismatched',
    () => run(order, ['truncate invoice', document({ number: 1, gross: 2499 })]),
  ],
  ['a refund without a credit note', 'invoices', 'mismatched', inOrder('update orders set refunded = 1')],
  [
    'an invoice of an order that ended unpaid',
    'invoices',
    'mismatched',
    inOrder(`update orders set captured = 0, status = 'cancelled'`),
  ],
  [
    'a promise that the provider has let go',
    'charges',
    'mismatched',
    inOrder(`update sandbox_charge set status = 'authorized'`),
  ],
  ['money kept for nothing', 'kept', 'mismatched', inOrder(`update orders set status = 'cancelled'`)],
  ['a unit that is missing', 'stock', 'mismatched', inProduct('update stock set on_hand = 7')],
  ['a unit that is still held', 'stock', 'mismatched', inProduct('update stock set reserved = 1')],
  ['more sold than there was', 'stock', 'oversold', inOrder('update order_line set quantity = 11')],
  ['an API that has other stock', 'api-stock', 'mismatched', () => void Object.assign(api, { onHand: 9 })],
  ['a sale that was let go', 'reservations', 'mismatched', inProduct(`update reservation set status = 'released'`)],
  [
    'stock that is kept for nobody',
    'reservations',
    'mismatched',
    inProduct(`update reservation set order_id = '${id(9)}'`),
  ],
  ['a parcel that the lines know nothing of', 'lines', 'wronglySent', inOrder(parcel)],
  [
    'a parcel of a cancelled order',
    'lines',
    'wronglySent',
    () => run(order, [parcel, `update orders set status = 'cancelled'`, 'update order_line set fulfilled = 1']),
  ],
  [
    'a unit that was sent and refunded as unsent',
    'lines',
    'wronglySent',
    () => run(order, [parcel, bookedRefund, 'update order_line set refunded = 2, withdrawn = 2']),
  ],
  ['a refund that the lines know nothing of', 'lines', 'mismatched', inOrder(bookedRefund)],
  ['a return that the lines know nothing of', 'lines', 'mismatched', inOrder(goodsBack)],
  ['goods that came back and are not on sale', 'stock', 'mismatched', inOrder(goodsBack)],
  ['goods that came back for a reservation that does not know', 'reservations', 'mismatched', inOrder(goodsBack)],
  [
    'an order that is fulfilled and not sent',
    'status',
    'mismatched',
    inOrder(`update orders set status = 'fulfilled'`),
  ],
  ['an order that waits for nothing', 'status', 'mismatched', inOrder('update order_line set fulfilled = 2')],
  ['a cancellation that did nothing', 'acknowledged', 'mismatched', acted({ kind: 'cancel' })],
  ['a parcel that is gone', 'acknowledged', 'mismatched', acted({ madeId: id(22) })],
  [
    'a parcel that was recorded twice',
    'acknowledged',
    'mismatched',
    async () => {
      acted({ madeId: id(20) })();
      await run(order, [parcel, parcel.replace(id(20), id(23)).replace(`'p'`, `'q'`)]);
    },
  ],
  [
    'a line of a cart that is not in its order',
    'carts',
    'lost',
    async () => {
      await run(order, [ofCart]);
      cart.writes.push({ ...done, startedMs: 30, endedMs: 40, sku: 'MUG', quantity: 3 });
    },
  ],
  ['a line that a merge of carts lost', 'carts', 'lost', () => void cart.merges.push(mergeThatKept(1))],
  [
    'a line that a merge lost, although another line was written then',
    'carts',
    'lost',
    () => {
      cart.merges.push(mergeThatKept(1));
      cart.writes.push({ ...done, sku: 'HAT', quantity: 1 });
    },
  ],
  ['a second order of one cart', 'once-per-cart', 'doubled', () => run(order, [anotherOrder, ofCart])],
  [
    'a cart that stays with its declined order',
    'once-per-cart',
    'lost',
    () => void cart.declined.push({ orderId: ORDER, knownAtMs: 5 }),
  ],
  ['goods of a banned seller', 'bans', 'mismatched', ban({ liftedAt: Date.now() + A_YEAR_MS })],
  ['a ban without effect', 'bans', 'mismatched', ban({ effectiveAt: undefined })],
  ['goods that stay off sale', 'bans', 'mismatched', ban({ isRestored: false })],
  ['a 500', 'errors', 'mismatched', answered(500, 1500)],
  ['a step that is missing', 'timelines', 'mismatched', inOrder('delete from order_event where version = 2')],
  [
    'a step that was taken twice',
    'timelines',
    'doubled',
    inOrder(`insert into order_event (order_id, version, type, status, at)
      values ('${ORDER}', 4, 'payment_captured', 'confirmed', now())`),
  ],
  ['an event that was never published', 'announced', 'lost', () => void recorded.delete(id(102))],
  [
    'an event that was made up',
    'announced',
    'mismatched',
    () => void recorded.set(id(200), { type: 'order.cancelled.v1', subject: ORDER }),
  ],
  [
    'a step that was announced twice',
    'announced',
    'doubled',
    () => void recorded.set(id(200), { type: 'order.confirmed.v1', subject: ORDER }),
  ],
  [
    'a second answer',
    'answered',
    'doubled',
    () => void recorded.set(id(200), { type: 'stock.reserved.v1', subject: ORDER }),
  ],
  ['an event that nobody handled', 'handled', 'lost', inProduct('delete from inbox')],
  ['an event that waits', 'nothing-left', 'lost', inOrder(`insert into outbox (event) values ('{}')`)],
  [
    'an event that was given up',
    'nothing-left',
    'lost',
    inProduct(
      `insert into dead_letter (event_id, type, event, error, attempts) values ('${id(9)}', 't', '{}', 'no', 8)`,
    ),
  ],
  ['a message in a queue', 'nothing-left', 'lost', () => void depths.set('tradepost.order.dead', 1)],
  ['a mail that nobody wrote', 'mails', 'lost', inNotification(`delete from mail where id = '${id(40)}'`)],
  ['a mail that was written twice', 'mails', 'doubled', inNotification(mail(id(42), `order:${ORDER}:confirmed again`))],
  ['a mail for what never happened', 'mails', 'doubled', inNotification(mail(id(42), `order:${ORDER}:cancelled`))],
  ['a mail that still waits', 'mails', 'lost', inNotification(`update mail set status = 'due' where id = '${id(40)}'`)],
  ['a mail that never arrived', 'mails', 'lost', () => void mailsTaken.delete(`<${id(40)}@localhost>`)],
  [
    'a mail that arrived more often than it was sent',
    'mails',
    'doubled',
    () => void mailsTaken.set(`<${id(41)}@localhost>`, 2),
  ],
  ['a price that was not copied', 'copy', 'mismatched', inProduct('update variant set amount = 1300')],
];

describe('the audit', () => {
  it('leaves 502 and 504 to the availability', async () => {
    answered(502, 1500)();
    answered(504, 2100)();
    expect(await found('errors')).toEqual([]);
  });

  it('lets a line be written between the two sendings of a merge', async () => {
    cart.merges.push(mergeThatKept(3), { ...mergeThatKept(2), endedMs: 30 });
    cart.writes = [{ ...done, endedMs: 25, sku: 'MUG', quantity: 2 }];
    expect(await found('carts')).toEqual([]);
  });

  it('finds nothing wrong where nothing is', async () => {
    const findings = await audit(system, expectations);
    expect(findings.flatMap(({ problems }) => problems)).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual(checks.map(({ name }) => name));
  });

  it.each(wrongs)('finds %s (%s)', async (_what, check, kind, doWrong) => {
    await doWrong();
    const kinds = (await found(check)).map((problem) => problem.kind);
    expect(kinds).toContain(kind);
  });

  it('has every check of its seen red here', () => {
    expect(new Set(wrongs.map(([, check]) => check))).toEqual(new Set(checks.map(({ name }) => name)));
  });

  it('counts a check that cannot be made as a problem', async () => {
    const broken = { ...system, get: () => Promise.reject(new Error('the API is unavailable')) };
    const [finding] = await audit(broken, expectations, ['api']);
    expect(finding?.problems).toMatchObject([{ what: 'the check could not be made: the API is unavailable' }]);
  });
});
