import type { Pool } from '@tradepost/postgres/pool';
import { accountExportRoute } from '@tradepost/runtime/account-export';
import type { App } from '@tradepost/runtime/app';
import { eventDecryption, eventEncryption } from '@tradepost/runtime/event-encryption';
import { defineService, type ServiceContext } from '@tradepost/runtime/service';
import type { Task } from '@tradepost/runtime/tasks';
import type { Logger } from 'pino';
import { Gauge } from 'prom-client';
import { backfillCatalogue, createVariantFetcher, fetchMissingDetails } from './actions/backfill-catalogue.ts';
import { batchCartStatements } from './actions/carts.ts';
import { type CheckVatId, createVatIdCheck, noVatIdCheck, removeOldVatIdAnswers } from './actions/check-vat-id.ts';
import { type ClaimedPayments, enqueueReserved } from './actions/claimed-payments.ts';
import type { Context } from './actions/context.ts';
import { type ErasureContext, eraseDueData, expireOrders } from './actions/erase-customers.ts';
import { issueInvoices } from './actions/issue-invoices.ts';
import { createOrderChangeNotifier } from './actions/order-change-notifier.ts';
import { batchPlacementStatements, type PlacementContext } from './actions/placement-context.ts';
import { finishPayments, type PaymentContext, pollDuePayments } from './actions/process-payments.ts';
import { processRefunds } from './actions/process-refunds.ts';
import { retryPendingReservations } from './actions/retry-pending-reservations.ts';
import { createRulesCache } from './actions/rules-cache.ts';
import { createProductClient, type ProductClient } from './catalogue/product-client.ts';
import { type OrderSettings, orderSettings } from './config.ts';
import { configuredProviders, tellsMessages } from './configured-providers.ts';
import { isSettled, type Order } from './domain/order.ts';
import { orderHandlers } from './events/handlers.ts';
import { adminRoutes } from './http/admin.ts';
import { cartRoutes } from './http/carts.ts';
import { erasureRoutes } from './http/erasures.ts';
import { fulfilmentAndRefundRoutes } from './http/fulfilments-and-refunds.ts';
import { orderRoutes } from './http/orders.ts';
import { paymentEventRoute } from './http/payment-events.ts';
import { paymentRoutes } from './http/payments.ts';
import { quoteRoutes } from './http/quotes.ts';
import { reconciliationRoutes } from './http/reconciliation.ts';
import { ruleRoutes } from './http/rules/rule-routes.ts';
import { sandboxRoutes } from './http/sandbox.ts';
import { savedAddressRoutes } from './http/saved-addresses.ts';
import { shopRoute } from './http/shop.ts';
import { timelineRoutes } from './http/timeline.ts';
import { reconciliationTasks, sandboxTasks } from './payment-tasks.ts';
import { offeredProviders } from './payments/offered-providers.ts';
import type { PaymentProviders } from './payments/provider.ts';
import { readCustomerData } from './store/account-export.ts';
import { removeIdleCarts } from './store/carts.ts';
import { readGuestSecret } from './store/guest-orders.ts';
import { unsettledOrdersOf } from './store/orders.ts';
import { countOpenDifferences } from './store/payment-differences.ts';
import { readPricingRules } from './store/pricing-rules.ts';
import { readBackfillState } from './store/sellable-variants.ts';
import { rateTaxCalculator, type TaxCalculator } from './taxes/tax-calculator.ts';
import { createTaxServiceCalculator } from './taxes/tax-service.ts';
import { createViesChecker } from './taxes/vies.ts';

const FORGET_UNKNOWN_MS = 5_000;
/** A change of taxes, shipping or promotions takes effect on every instance within this time. */
const RULES_MAX_AGE_MS = 1_000;

export const orderService = defineService({
  name: 'order',
  settings: orderSettings,
  migrations: new URL('../migrations/', import.meta.url),
  async create(service: ServiceContext<OrderSettings>) {
    const { settings, pool, log } = service;
    const [now, orderChanges] = [() => new Date(), createOrderChangeNotifier(pool)];
    const products = createProductClient(settings.PRODUCT_URL, settings.CATALOGUE_TIMEOUT_MS);
    const claimed: ClaimedPayments = { payments: [], nextPollAt: 0 };
    const guestSecret = once(() => readGuestSecret(pool));
    const providers = await configuredProviders(settings, { db: pool, guestSecret });
    const ctx: Context = {
      ...{ pool, now, orderChanges, stopping: service.draining, guestSecret },
      ...{ encryptForMail: eventEncryption(settings.MAIL_KEY), decryptForGuests: eventDecryption([settings.MAIL_KEY]) },
      ...termsOf(providers, settings),
      changed: (orders) => {
        enqueueReserved(claimed, orders);
        wake(service, orders);
        orderChanges.notify(orders);
      },
    };
    const placing: PlacementContext = {
      ...{ ...ctx, ...batchPlacementStatements(pool, unsettledLimits(settings)) },
      fetchVariants: createVariantFetcher(pool, products, now, FORGET_UNKNOWN_MS),
      providers: offeredProviders(settings.PAYMENT_PROVIDERS, providers),
      rules: createRulesCache(() => readPricingRules(pool), now, RULES_MAX_AGE_MS),
      calculateTaxes: taxCalculator(settings, log),
      checkVatId: vatIdCheck(service, now),
    };
    const shopping = { ...placing, carts: batchCartStatements(pool) };
    const paying = paymentContext(settings, { ...ctx, providers, log, claimed });
    const erasing = erasureContext(service, ctx);
    countOrders(service);
    return {
      http(app) {
        shopRoute(app, placing, settings.SHOP_NAME);
        quoteRoutes(app, shopping);
        orderRoutes(app, placing);
        cartRoutes(app, shopping);
        savedAddressRoutes(app, ctx);
        fulfilmentAndRefundRoutes(app, ctx);
        paymentRoutes(app, { ...paying, offered: placing.providers });
        paymentEventRoute(app, paying);
        if (placing.providers.has('sandbox')) sandboxRoutes(app, { db: pool, tellsMessages: tellsMessages(settings) });
        timelineRoutes(app, ctx);
        personalDataRoutes(app, erasing);
        operatorRoutes(app, { ...ctx, rulesChanged: placing.rules.drop });
      },
      handlers: orderHandlers(erasing),
      tasks: [...tasks(settings, ctx, paying, products), ...erasureTasks(erasing)],
      // Ready once the first backfill is complete: with that copy, product may be unavailable.
      ready: { catalogue: async () => (await readBackfillState(pool)).completed },
      stop: () => finishPayments(paying, new AbortController().signal),
    };
  },
});

function personalDataRoutes(app: App, erasing: Parameters<typeof erasureRoutes>[1]): void {
  erasureRoutes(app, erasing);
  accountExportRoute(app, (customerId) => readCustomerData(erasing.pool, customerId));
}

function operatorRoutes(app: App, ctx: Context & { rulesChanged: () => void }): void {
  adminRoutes(app, ctx);
  reconciliationRoutes(app, ctx);
  ruleRoutes(app, ctx);
}

/** What follows from the provider of an order. */
const termsOf = (
  providers: PaymentProviders,
  settings: OrderSettings,
): Pick<Context, 'payWithinMs' | 'refundStepOf'> => ({
  payWithinMs: (provider) => providers.get(provider)?.deadlineMs ?? settings.PAYMENT_DEADLINE_MS,
  refundStepOf: ({ paymentProvider, total }) => providers.get(paymentProvider)?.refundStep?.(total.currency) ?? 1,
});

const unsettledLimits = (settings: OrderSettings) => ({
  orders: settings.UNSETTLED_ORDERS_PER_ACCOUNT,
  units: settings.UNSETTLED_UNITS_PER_ACCOUNT,
});

const paymentContext = (
  settings: OrderSettings,
  ctx: Omit<PaymentContext, 'lateRounds' | 'timeoutMs' | 'capture'>,
): PaymentContext => ({
  ...{ ...ctx, lateRounds: new Set(), capture: settings.PAYMENT_CAPTURE },
  timeoutMs: settings.PAYMENT_TIMEOUT_MS,
});

function taxCalculator(settings: OrderSettings, log: Logger): TaxCalculator {
  const { TAX_SERVICE_URL: url, TAX_SERVICE_TIMEOUT_MS: timeoutMs, TAX_SERVICE_FALLBACK: fallback } = settings;
  return url === undefined ? rateTaxCalculator : createTaxServiceCalculator({ url, timeoutMs, fallback }, log);
}

function vatIdCheck({ settings, pool, log }: ServiceContext<OrderSettings>, now: () => Date): CheckVatId {
  const { VIES_URL: url, VIES_TIMEOUT_MS: timeoutMs } = settings;
  return url === undefined ? noVatIdCheck : createVatIdCheck({ pool, now, log }, createViesChecker(url, timeoutMs));
}

/** Reads something that never changes at its first use; again where that failed. */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => {
    known ??= read().catch((error) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

/** After a commit: the timers look. */
function wake(service: ServiceContext<OrderSettings>, orders: readonly Order[]): void {
  if (orders.some(isPaymentDue)) service.wakeTask('payments');
  if (orders.some((order) => order.refunded > 0)) service.wakeTask('refunds');
}

const isPaymentDue = ({ status, cancelRequested, captureRequested }: Order): boolean =>
  status === 'reserved' || (!isSettled(status) && (cancelRequested || captureRequested));

function tasks(settings: OrderSettings, ctx: Context, paying: PaymentContext, products: ProductClient): Task[] {
  const { pool } = ctx;
  const deadlineMs = settings.RESERVATION_DEADLINE_MS;
  return [
    { name: 'catalogue', everyMs: 2_000, run: catalogueFill(pool, products, paying.log) },
    { name: 'catalogue-details', everyMs: 5_000, run: catalogueDetails(pool, products, paying.log) },
    { name: 'payments', everyMs: 1_000, run: (signal) => pollDuePayments(paying, signal) },
    { name: 'refunds', everyMs: 5_000, run: (signal) => processRefunds(paying, signal) },
    { name: 'invoices', everyMs: 2_000, run: async (signal) => void (await issueInvoices(paying, signal)) },
    { name: 'pending-reservations', everyMs: 5_000, run: () => retryPendingReservations({ ...ctx, deadlineMs }) },
    ...reconciliationTasks(settings, paying),
    ...sandboxTasks(settings, paying),
    { name: 'order-changes', everyMs: 250, run: () => ctx.orderChanges.poll() },
    { name: 'vat-id-checks', everyMs: 3_600_000, run: () => removeOldVatIdAnswers(pool, ctx.now()) },
    { name: 'idle-carts', everyMs: 3_600_000, run: () => removeIdleCarts(pool, settings.CART_TTL_DAYS, 500) },
  ];
}

const erasureContext = ({ settings, wakeTask }: ServiceContext<OrderSettings>, ctx: Context) => ({
  ...{ ...ctx, retentionDays: settings.ORDER_RETENTION_DAYS },
  dueOrders: () => wakeTask('erasures'),
});

const erasureTasks = (ctx: ErasureContext): Task[] => [
  { name: 'erasures', everyMs: 10_000, run: () => eraseDueData(ctx) },
  { name: 'order-retention', everyMs: 3_600_000, run: () => expireOrders(ctx) },
];

/** Runs the backfill once; while `product` is unavailable it tries every time, since nothing can be sold without it. */
function catalogueFill(pool: Pool, products: ProductClient, log: Logger): Task['run'] {
  let isFilled = false;
  return async (signal) => {
    if (isFilled) return;
    try {
      await backfillCatalogue(pool, products, signal);
      isFilled = true;
    } catch (err) {
      if (!signal.aborted) log.warn({ err }, 'waiting for product: the catalogue backfill cannot start yet');
    }
  };
}

/** Not part of readiness: orders are accepted with the details that are there. */
function catalogueDetails(pool: Pool, products: ProductClient, log: Logger): Task['run'] {
  return async (signal) => {
    try {
      await fetchMissingDetails(pool, products, signal);
    } catch (err) {
      if (!signal.aborted) log.warn({ err }, 'waiting for product: the details of products cannot be fetched yet');
    }
  };
}

/** Each reads a small index, once for each scrape. */
function countOrders({ metrics, pool }: ServiceContext<OrderSettings>): void {
  const labelNames = ['status'];
  const registers = [metrics];
  new Gauge({
    name: 'tradepost_orders_unsettled',
    help: 'Unsettled orders',
    labelNames,
    registers,
    async collect() {
      this.reset();
      for (const { status, count } of await unsettledOrdersOf(pool)) this.set({ status }, count);
    },
  });
  new Gauge({
    name: 'tradepost_orders_oldest_unsettled_seconds',
    help: 'Age of the oldest unsettled order',
    labelNames,
    registers,
    async collect() {
      this.reset();
      for (const { status, oldestSeconds } of await unsettledOrdersOf(pool)) this.set({ status }, oldestSeconds);
    },
  });
  new Gauge({
    name: 'tradepost_payment_differences_open',
    help: 'Differences between the ledger and the books of payment providers that nobody has resolved',
    registers,
    async collect() {
      this.set(await countOpenDifferences(pool));
    },
  });
}
