import type { Pool } from '@tradepost/postgres/pool';
import { defineService, type ServiceContext } from '@tradepost/runtime/service';
import type { Task } from '@tradepost/runtime/tasks';
import type { Logger } from 'pino';
import { Gauge } from 'prom-client';
import { gatherCarts } from './actions/carts.ts';
import { chaseUnanswered } from './actions/chase-unanswered.ts';
import type { Context } from './actions/context.ts';
import { createVariantFetcher, fillCatalogue } from './actions/copy-catalogue.ts';
import { gatherPlacing, type Placing } from './actions/place-order.ts';
import { settleRefunds } from './actions/settle-refunds.ts';
import {
  finishPayments,
  hearOfOrders,
  type Paying,
  type PaymentsInHand,
  takePayments,
} from './actions/take-payments.ts';
import { createWatch } from './actions/watch.ts';
import { createProductClient, type ProductClient } from './catalogue/product-client.ts';
import { type OrderSettings, orderSettings } from './config.ts';
import type { Order } from './domain/order.ts';
import { orderHandlers } from './events/handlers.ts';
import { cartRoutes } from './http/carts.ts';
import { handlingRoutes } from './http/handling.ts';
import { operationsRoutes } from './http/operations.ts';
import { orderRoutes } from './http/orders.ts';
import { savedAddressRoutes } from './http/saved-addresses.ts';
import { timelineRoutes } from './http/timeline.ts';
import { sandboxProvider } from './payments/sandbox.ts';
import { removeIdleCarts } from './store/carts.ts';
import { unsettled } from './store/orders.ts';
import { fillState } from './store/sellable-variants.ts';

/** How long a shopper's request waits for `product` to tell of a SKU that is not known here. */
const FETCH_TIMEOUT_MS = 1_000;
const FORGET_UNKNOWN_MS = 5_000;

export const orderService = defineService({
  name: 'order',
  settings: orderSettings,
  migrations: new URL('../migrations/', import.meta.url),
  create(service: ServiceContext<OrderSettings>) {
    const { settings, pool, log } = service;
    const now = () => new Date();
    const watch = createWatch(pool);
    const products = createProductClient(settings.PRODUCT_URL, FETCH_TIMEOUT_MS);
    const hand: PaymentsInHand = { payments: [], nextLook: 0 };
    const ctx: Context = {
      ...{ pool, now, watch, stopping: service.draining },
      changed: (orders) => {
        hearOfOrders(hand, orders);
        wake(service, orders);
        watch.notify(orders);
      },
    };
    const providers = new Map([['sandbox', sandboxProvider(pool)]]);
    const fetchVariants = createVariantFetcher(pool, products, now, FORGET_UNKNOWN_MS);
    const limits = { orders: settings.UNSETTLED_ORDERS_PER_ACCOUNT, units: settings.UNSETTLED_UNITS_PER_ACCOUNT };
    const placing: Placing = { ...ctx, ...gatherPlacing(pool, limits), providers, fetchVariants };
    const { PAYMENT_TIMEOUT_MS: timeoutMs, PAYMENT_DEADLINE_MS: deadlineMs } = settings;
    const paying: Paying = { ...ctx, providers, log, timeoutMs, deadlineMs, late: new Set(), hand };
    countOrders(service);
    return {
      http(app) {
        orderRoutes(app, placing);
        cartRoutes(app, { ...placing, carts: gatherCarts(pool) });
        savedAddressRoutes(app, ctx);
        handlingRoutes(app, ctx);
        timelineRoutes(app, ctx);
        operationsRoutes(app, ctx);
      },
      handlers: orderHandlers(ctx),
      tasks: tasks(settings, ctx, paying, products),
      // The first fill is all that is waited for: with a copy at hand, product may be away.
      ready: { catalogue: async () => (await fillState(pool)).completed },
      stop: () => finishPayments(paying, new AbortController().signal),
    };
  },
});

/** After a commit: the relay publishes, and the timers look. */
function wake(service: ServiceContext<OrderSettings>, orders: readonly Order[]): void {
  service.wakeRelay();
  if (orders.some((order) => order.status === 'reserved')) service.wakeTask('payments');
  if (orders.some((order) => order.refunded > 0)) service.wakeTask('refunds');
}

function tasks(settings: OrderSettings, ctx: Context, paying: Paying, products: ProductClient): Task[] {
  const { pool } = ctx;
  const deadlineMs = settings.RESERVATION_DEADLINE_MS;
  return [
    { name: 'catalogue', everyMs: 2_000, run: catalogueFill(pool, products, paying.log) },
    { name: 'payments', everyMs: 1_000, run: (signal) => takePayments(paying, signal) },
    { name: 'refunds', everyMs: 5_000, run: (signal) => settleRefunds(paying, signal) },
    { name: 'unanswered', everyMs: 5_000, run: () => chaseUnanswered({ ...ctx, deadlineMs }) },
    { name: 'watch', everyMs: 250, run: () => ctx.watch.poll() },
    { name: 'idle-carts', everyMs: 3_600_000, run: () => removeIdleCarts(pool, settings.CART_TTL_DAYS, 500) },
  ];
}

/** Fills the copy once; while `product` is away it looks again every time, since nothing can be sold without it. */
function catalogueFill(pool: Pool, products: ProductClient, log: Logger): Task['run'] {
  let isFilled = false;
  return async (signal) => {
    if (isFilled) return;
    try {
      await fillCatalogue(pool, products, signal);
      isFilled = true;
    } catch (err) {
      if (!signal.aborted) log.warn({ err }, 'waiting for product: the catalogue cannot be copied yet');
    }
  };
}

/** Both read a small index, once for each scrape. */
function countOrders({ metrics, pool }: ServiceContext<OrderSettings>): void {
  const labelNames = ['status'];
  const registers = [metrics];
  new Gauge({
    name: 'tradepost_orders_unsettled',
    help: 'Orders that are still to be decided',
    labelNames,
    registers,
    async collect() {
      this.reset();
      for (const { status, count } of await unsettled(pool)) this.set({ status }, count);
    },
  });
  new Gauge({
    name: 'tradepost_orders_oldest_unsettled_seconds',
    help: 'Age of the oldest order that is still to be decided',
    labelNames,
    registers,
    async collect() {
      this.reset();
      for (const { status, oldestSeconds } of await unsettled(pool)) this.set({ status }, oldestSeconds);
    },
  });
}
