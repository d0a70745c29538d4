import { accountExportRoute } from '@tradepost/runtime/account-export';
import { eventDecryption } from '@tradepost/runtime/event-encryption';
import { defineService, type ServiceContext } from '@tradepost/runtime/service';
import type { Task } from '@tradepost/runtime/tasks';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Context, SendingContext } from './actions/context.ts';
import { finishErasures } from './actions/erase-subjects.ts';
import { createLeasedMails } from './actions/leased-mails.ts';
import { type BounceContext, readBounces } from './actions/read-bounces.ts';
import { removeOldMails } from './actions/remove-old.ts';
import { sendNextMail } from './actions/send-mail.ts';
import { type NotificationSettings, notificationSettings } from './config.ts';
import { unsubscribeKeys } from './domain/unsubscribe-token.ts';
import { notificationHandlers } from './events/handlers.ts';
import { adminMailRoutes } from './http/admin-mails.ts';
import { bounceRoute } from './http/bounces.ts';
import { mailPageRoutes } from './http/mail-page.ts';
import { mailSettingsRoutes } from './http/mail-settings.ts';
import { previewRoute } from './http/previews.ts';
import { suppressionRoutes } from './http/suppressions.ts';
import { createMailSender, type MailSender, STEPS_PER_MAIL } from './smtp/mail-sender.ts';
import { readAccountData } from './store/account-export.ts';
import { createMailLeases, releaseLeases } from './store/mail-leases.ts';
import { mailFigures } from './store/mails.ts';

/** How often an idle instance looks for mails that have become due, all its tasks together; those that it writes itself wake it. */
const POLL_MS = 1_000;
const BOUNCES_POLL_MS = 10_000;
/** What rendering and recording take at most, beside sending. */
const LEASE_MARGIN_MS = 30_000;
/** How many mails may wait for each task that sends, and how long the lease of each lasts for that. */
const LEASED_PER_TASK = 16;
const LEASE_SPARE_MS = 5_000;
/** How long an instance that stops waits for mails that it is sending: one that is cut off may be sent twice. */
const STOP_GRACE_MS = 5_000;

export const notificationService = defineService({
  name: 'notification',
  settings: notificationSettings,
  migrations: new URL('../migrations/', import.meta.url),
  create(service: ServiceContext<NotificationSettings>) {
    const { settings, metrics } = service;
    assertMailPageAllowed(settings);
    const busy = new Set<string>();
    const leaseMs = STEPS_PER_MAIL * settings.SMTP_TIMEOUT_MS + LEASE_MARGIN_MS;
    const ctx = contextOf(service, busy, leaseMs);
    const cutOff = new AbortController();
    const sender = senderOf(settings, cutOff.signal);
    const sending: SendingContext = {
      ...{ ...ctx, sender, leases: createMailLeases(ctx.pool), onOutcome: countOutcomes(metrics) },
      retry: { maxAttempts: settings.MAIL_MAX_ATTEMPTS, firstMs: settings.MAIL_RETRY_FIRST_MS },
      leaseMs,
    };
    watchMails(metrics, ctx);
    return {
      http(app) {
        adminMailRoutes(app, ctx);
        suppressionRoutes(app, ctx);
        mailSettingsRoutes(app, ctx);
        accountExportRoute(app, (accountId) => readAccountData(ctx.pool, accountId));
        previewRoute(app, ctx);
        if (settings.MAIL_WEBHOOK_SECRET !== undefined) bounceRoute(app, ctx, settings.MAIL_WEBHOOK_SECRET);
        if (settings.MAIL_PAGE) mailPageRoutes(app, ctx);
      },
      handlers: notificationHandlers(ctx),
      tasks: tasks(service, sending, { busy, cutOff, onReport: countReports(metrics) }),
      stop: async () => {
        await releaseLeases(ctx.pool, ctx.leasedMails.takeAll());
        sender?.close();
      },
    };
  },
});

function assertMailPageAllowed({ MAIL_PAGE, NODE_ENV }: NotificationSettings): void {
  if (!MAIL_PAGE || NODE_ENV !== 'production') return;
  throw new Error('MAIL_PAGE shows all mails with their links to everybody: it is not for production');
}

/** `busy` has the names of the tasks that are sending. */
function contextOf(
  { settings, pool, log, wakeTask }: ServiceContext<NotificationSettings>,
  busy: ReadonlySet<string>,
  leaseMs: number,
): Context {
  const sending = sendTasks(settings);
  return {
    ...{ pool, log, now: () => new Date(), random: Math.random },
    decrypt: eventDecryption([settings.MAIL_KEY, ...settings.MAIL_PREVIOUS_KEYS]),
    unsubscribeKeys: unsubscribeKeys(settings.MAIL_KEY, settings.MAIL_PREVIOUS_KEYS),
    branding: {
      shopName: settings.SHOP_NAME,
      publicUrl: new URL(settings.PUBLIC_URL).origin,
      logoUrl: settings.MAIL_LOGO_URL,
      colour: settings.MAIL_COLOUR,
      footer: settings.MAIL_FOOTER,
    },
    defaultLocale: settings.DEFAULT_LOCALE,
    bounceAddress: settings.MAIL_BOUNCE_ADDRESS,
    mailDomain: /@([A-Za-z0-9.-]+)>?\s*$/.exec(settings.MAIL_FROM)?.[1] ?? 'localhost',
    paymentDelayMs: settings.MAIL_PAYMENT_DELAY_MS,
    erasuresDue: () => wakeTask('erasures'),
    leasedMails: createLeasedMails({
      ...{ max: LEASED_PER_TASK * settings.MAIL_PARALLEL, leaseMs, spareMs: LEASE_SPARE_MS, pollMs: POLL_MS },
    }),
    // One task for each mail, those that are idle first: each that is woken asks the database.
    mailsDue: (count) => {
      const idleFirst = [...sending.filter((name) => !busy.has(name)), ...sending.filter((name) => busy.has(name))];
      for (const name of idleFirst.slice(0, count)) wakeTask(name);
    },
  };
}

function senderOf(settings: NotificationSettings, cutOff: AbortSignal): MailSender | undefined {
  if (settings.SMTP_URL === undefined) return undefined;
  return createMailSender({
    ...{ url: settings.SMTP_URL, ca: settings.SMTP_CA, from: settings.MAIL_FROM, replyTo: settings.MAIL_REPLY_TO },
    bounceAddress: settings.MAIL_BOUNCE_ADDRESS,
    ...{ parallel: settings.MAIL_PARALLEL, timeoutMs: settings.SMTP_TIMEOUT_MS, cutOff },
  });
}

const sendTasks = ({ MAIL_PARALLEL }: NotificationSettings): string[] =>
  Array.from({ length: MAIL_PARALLEL }, (_, n) => `send-mails-${n + 1}`);

/** Each of the tasks sends one mail at a time, so a server that stalls holds up one of them and not the others. */
function tasks(
  { settings }: ServiceContext<NotificationSettings>,
  ctx: SendingContext,
  { busy, cutOff, onReport }: { busy: Set<string>; cutOff: AbortController; onReport: BounceContext['onReport'] },
): Task[] {
  const startGrace = () => void setTimeout(() => cutOff.abort(), STOP_GRACE_MS).unref();
  const sending = sendTasks(settings).map((name): Task => {
    return {
      name,
      everyMs: POLL_MS * settings.MAIL_PARALLEL,
      run(signal) {
        // The same listener on the same signal is registered once, however often the task runs.
        signal.addEventListener('abort', startGrace, { once: true });
        busy.add(name);
        return sendNextMail(ctx).finally(() => busy.delete(name));
      },
    };
  });
  const { MAIL_BOUNCES_MAILDIR: maildir } = settings;
  const { MAIL_RETENTION_DAYS: mailDays, SUPPRESSION_RETENTION_DAYS: suppressionDays } = settings;
  return [
    ...sending,
    ...(maildir === undefined
      ? []
      : [{ name: 'bounces', everyMs: BOUNCES_POLL_MS, run: () => readBounces({ ...ctx, onReport }, maildir) }]),
    { name: 'erasures', everyMs: 10_000, run: () => finishErasures(ctx) },
    { name: 'old-mails', everyMs: 3_600_000, run: () => removeOldMails(ctx, { mailDays, suppressionDays }) },
  ];
}

function countOutcomes(metrics: Registry): (outcome: string) => void {
  const sent = new Counter({
    name: 'tradepost_mail_outcomes_total',
    help: 'Attempts to send a mail, by outcome',
    labelNames: ['outcome'],
    registers: [metrics],
  });
  return (outcome) => sent.inc({ outcome });
}

function countReports(metrics: Registry): (outcome: string) => void {
  const reports = new Counter({
    name: 'tradepost_mail_reports_total',
    help: 'Mails in the mailbox of bounces, by what they said',
    labelNames: ['outcome'],
    registers: [metrics],
  });
  return (outcome) => reports.inc({ outcome });
}

function watchMails(metrics: Registry, ctx: Context): void {
  const oldest = new Gauge({
    name: 'tradepost_mail_oldest_due_seconds',
    help: 'Age of the oldest due mail',
    registers: [metrics],
  });
  new Gauge({
    name: 'tradepost_mails',
    help: 'Mails that are not sent: due, retrying, waiting for an address, failed',
    labelNames: ['status'],
    registers: [metrics],
    async collect() {
      // Not a number while the database is unavailable, so that the other metrics can still be read.
      const none = { due: Number.NaN, retrying: Number.NaN, waiting: Number.NaN, failed: Number.NaN };
      const { oldestDueSeconds, ...counts } = await mailFigures(ctx.pool, ctx.now()).catch(() => ({
        ...{ ...none, oldestDueSeconds: Number.NaN },
      }));
      for (const [status, count] of Object.entries(counts)) this.set({ status }, count);
      oldest.set(oldestDueSeconds);
    },
  });
}
