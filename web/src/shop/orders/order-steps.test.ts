import { describe, expect, test } from 'vitest';
import type { Order, TimelineEntry } from '../../api/orders.ts';
import { headlineOf } from './order-headline.ts';
import { isCancellable, lineState, stepsOf, whyOf } from './order-steps.ts';

const money = { amount: 1000, currency: 'EUR' };
const nothing = { ...money, amount: 0 };
const order = (status: Order['status'], more: Partial<Order> = {}): Order => ({
  id: 'id',
  number: 'T-10000001',
  status,
  customerId: 'ada',
  lines: [],
  ...{ subtotal: money, discount: nothing, shipping: nothing, tax: nothing, taxIncluded: true, adjustments: [] },
  taxExemption: nothing,
  total: money,
  refunded: { ...money, amount: 0 },
  shippingAddress: { name: 'Ada', line1: '1', city: 'London', postalCode: 'N1', country: 'GB' },
  payment: { provider: 'sandbox', status: 'waiting' },
  cancelRequested: false,
  version: 1,
  createdAt: '2026-01-01T10:00:00.000Z',
  updatedAt: '2026-01-01T10:00:00.000Z',
  ...more,
});
const entry = (version: number, type: string, status: Order['status']): TimelineEntry => ({
  version,
  type,
  status,
  at: `2026-01-01T10:00:0${version}.000Z`,
  data: {},
});
const placed = entry(1, 'placed', 'pending');
const reserved = entry(2, 'stock_reserved', 'reserved');
const paid = entry(3, 'payment_captured', 'confirmed');
const states = (...of: Parameters<typeof stepsOf>) => stepsOf(...of).map(({ title, state }) => `${title}: ${state}`);

describe('the steps of an order', () => {
  test('begin with what is done, go on with what is under way, and end with what is to come', () => {
    expect(states(order('reserved'), [placed, reserved])).toEqual([
      'Placed: done',
      'Stock reserved: done',
      'Paid: now',
      'Confirmed: ahead',
      'On its way: ahead',
      'Delivered: ahead',
    ]);
  });

  test('show when each was taken', () => {
    const steps = stepsOf(order('confirmed'), [placed, reserved, paid]);
    expect(steps.map(({ at }) => at)).toEqual([placed.at, reserved.at, paid.at, paid.at, undefined, undefined]);
  });

  test('are known from the state alone while the timeline is not at hand', () => {
    expect(states(order('delivered'), []).every((text) => text.endsWith('done'))).toBe(true);
  });

  test('are not done by a part that was sent', () => {
    const part = entry(4, 'lines_fulfilled', 'confirmed');
    expect(states(order('confirmed'), [placed, reserved, paid, part])).toContain('On its way: now');
  });

  test('say what is waited for while an order is not paid', () => {
    const declined = [placed, reserved, entry(3, 'payment_declined', 'awaiting_payment')];
    const now = (payment: Order['payment'], entries = declined) =>
      stepsOf(order('awaiting_payment', { payment }), entries).find(({ state }) => state === 'now');
    expect(now({ status: 'declined' })).toMatchObject({ title: 'Paid', text: expect.stringContaining('declined') });
    const redirect = { type: 'redirect', redirectUrl: '/sandbox/payments/1' } as const;
    expect(now({ status: 'requires_action', action: redirect })?.text).toContain('Your bank asks you');
    const transfer = { type: 'bank_transfer', reference: 'T-1', instructions: 'To us' } as const;
    expect(now({ status: 'requires_action', action: transfer })?.text).toContain('waits for your transfer');
    const asked = [...declined, entry(4, 'capture_requested', 'awaiting_payment')];
    expect(now({ status: 'requires_action', action: transfer }, asked)?.text).toBe('The money is being taken.');
  });

  test('go on where they were when another card is tried', () => {
    const retried = [
      placed,
      reserved,
      entry(3, 'payment_declined', 'awaiting_payment'),
      entry(4, 'payment_retried', 'reserved'),
    ];
    expect(states(order('reserved'), retried)).toContain('Paid: now');
    const captured = [...retried, entry(5, 'payment_captured', 'confirmed')];
    expect(stepsOf(order('confirmed'), captured).find(({ title }) => title === 'Paid')?.at).toBe(captured[4]?.at);
  });

  test('have the money after its authorisation, where it is taken when the order is sent', () => {
    const authorized = [placed, reserved, entry(3, 'payment_authorized', 'authorized')];
    expect(states(order('authorized', { payment: { status: 'authorized' } }), authorized)).toEqual([
      'Placed: done',
      'Stock reserved: done',
      'Payment authorised: done',
      'Confirmed: done',
      'Paid: now',
      'On its way: ahead',
      'Delivered: ahead',
    ]);
    const captured = [...authorized, entry(4, 'payment_captured', 'confirmed')];
    const steps = stepsOf(order('confirmed', { payment: { status: 'captured' } }), captured);
    expect(steps.map(({ at }) => at)).toEqual(
      [...captured.slice(0, 3), authorized[2], captured[3]].map((one) => one?.at).concat(undefined, undefined),
    );
  });

  test('have the money after the goods on invoice, also when it has come', () => {
    const due = { provider: 'manual', status: 'due', reference: 'invoice' } as const;
    const [half, whole] = [
      { quantity: 2, fulfilled: 1, withdrawn: 0 },
      { quantity: 2, fulfilled: 1, withdrawn: 1 },
    ].map(
      // as: the parts of a line that count here.
      (line) => [line] as Order['lines'],
    );
    const sent = [
      placed,
      reserved,
      entry(3, 'payment_authorized', 'authorized'),
      entry(4, 'lines_fulfilled', 'authorized'),
    ];
    expect(states(order('authorized', { payment: due, lines: half ?? [] }), sent)).toContain('On its way: now');
    const all = order('authorized', { payment: due, lines: whole ?? [] });
    expect(states(all, sent).slice(3)).toEqual(['On its way: done', 'Paid: now', 'Delivered: ahead']);
    expect(headlineOf(all)).toBe('Your order is on its way');
    const paidLater = order('fulfilled', { payment: { ...due, status: 'captured' }, lines: whole ?? [] });
    expect(states(paidLater, sent).slice(3)).toEqual(['On its way: done', 'Paid: done', 'Delivered: now']);
  });

  test('end where the order did, with why', () => {
    const declined = order('cancelled', { reason: 'payment_declined' });
    const steps = stepsOf(declined, [placed, reserved, entry(3, 'payment_declined', 'cancelled')]);
    expect(steps.map(({ title, state }) => `${title}: ${state}`)).toEqual([
      'Placed: done',
      'Stock reserved: done',
      'Cancelled: ended',
    ]);
    expect(steps.at(-1)).toMatchObject({ at: '2026-01-01T10:00:03.000Z', text: expect.stringContaining('declined') });
  });
});

test('there is a reason in words for every end', () => {
  for (const reason of [undefined, 'payment_declined', 'cancelled_by_customer', 'something_new']) {
    expect(whyOf(order('cancelled', reason === undefined ? {} : { reason }))).toMatch(/\.$/);
  }
  expect(whyOf(order('rejected', { reason: 'something_new' }))).toContain('Not enough');
});

test('an order is cancellable until something was sent, or asked for', () => {
  expect(isCancellable(order('confirmed'))).toBe(true);
  expect(isCancellable(order('awaiting_payment'))).toBe(true);
  expect(isCancellable(order('authorized'))).toBe(true);
  expect(isCancellable(order('fulfilled'))).toBe(false);
  expect(isCancellable(order('reserved', { cancelRequested: true }))).toBe(false);
});

test('a line says what was sent, cancelled and paid back of it', () => {
  const line = {
    sku: 'MUG',
    productId: 'p',
    sellerId: 's',
    title: 'Mug',
    unitPrice: money,
    discount: nothing,
    tax: nothing,
    taxExemption: nothing,
    total: money,
  };
  const state = (quantity: number, fulfilled: number, refunded: number, withdrawn: number, returned = 0) =>
    lineState({ ...line, quantity, fulfilled, refunded, withdrawn, returned });
  expect(state(3, 0, 0, 0)).toBe('');
  expect(state(3, 1, 1, 1)).toBe('1 of 3 sent, 1 cancelled and paid back');
  expect(state(3, 3, 1, 0)).toBe('3 of 3 sent, 1 paid back');
  expect(state(3, 3, 1, 0, 2)).toBe('3 of 3 sent, 2 sent back, 1 paid back');
});
