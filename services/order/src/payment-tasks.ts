import type { Task } from '@tradepost/runtime/tasks';
import type { PaymentContext } from './actions/process-payments.ts';
import { addMissingEntries, reconcilePayments } from './actions/reconcile-payments.ts';
import type { OrderSettings } from './config.ts';
import { sandboxSecret } from './configured-providers.ts';
import { prunePaymentMessages } from './store/payment-messages.ts';

/** Providers repeat a message for some days at the most. */
const MESSAGES_KEPT_DAYS = 60;
/** Until then every instance of the version before has been replaced. */
const REPLACED_AFTER_MS = 600_000;

/** Compares the ledger with the providers' books. */
export function reconciliationTasks(settings: OrderSettings, ctx: PaymentContext): Task[] {
  const quietMs = settings.RECONCILIATION_QUIET_MS;
  return [
    { name: 'reconciliation', everyMs: 60_000, run: (signal) => reconcilePayments({ ...ctx, quietMs }, signal) },
    { name: 'missing-ledger-entries', everyMs: REPLACED_AFTER_MS, run: addMissingTwice(ctx) },
    {
      name: 'payment-messages',
      everyMs: 3_600_000,
      run: () => prunePaymentMessages(ctx.pool, MESSAGES_KEPT_DAYS, 500),
    },
  ];
}

/** At the start, and when the version before is gone. */
function addMissingTwice(ctx: PaymentContext): Task['run'] {
  let rounds = 0;
  return async () => {
    if (rounds < 2) await addMissingEntries(ctx);
    rounds++;
  };
}

/** Loaded where it is used: with undici it would be a third of what the service loads at its start. */
const loadSender = () => import('./payments/sandbox/send-messages.ts');

/** Sends the messages of the sandbox, where the settings say so. */
export function sandboxTasks({ SANDBOX_MESSAGES_URL: url }: OrderSettings, ctx: PaymentContext): Task[] {
  if (url === undefined) return [];
  const sender = { db: ctx.pool, secret: sandboxSecret(ctx.guestSecret), url };
  return [
    { name: 'sandbox-messages', everyMs: 250, run: async () => (await loadSender()).sendSandboxMessages(sender) },
  ];
}
