import type { Handlers } from '@tradepost/messaging/consumer';
import type { ServiceContext } from '@tradepost/runtime/service';
import type { Task } from '@tradepost/runtime/tasks';
import { eraseAccountEntries } from './actions/erase-accounts.ts';
import type { Settings } from './config.ts';
import { insertErasedAccount } from './store/erased-accounts.ts';

/** What the gateway does about accounts that are erased: it notes them, and a task goes through the audit trail. */
export function createErasures({ pool, settings: s, wakeTask }: ServiceContext<Settings>): {
  handlers: Handlers;
  task: Task;
} {
  const retention = { days: s.AUDIT_RETENTION_DAYS, addressDays: s.AUDIT_ADDRESS_RETENTION_DAYS };
  return {
    handlers: {
      async 'account.erased.v1'(tx, events) {
        for (const { data } of events) await insertErasedAccount(tx, data.accountId, data.erasureId);
        tx.onCommit(() => wakeTask('erasures'));
      },
    },
    task: { name: 'erasures', everyMs: 10_000, run: () => eraseAccountEntries(pool, retention) },
  };
}
