import { uuidv7 } from '@tradepost/postgres/uuid';
import { effectOfReport, type MailReport, mailIdOf, type ReportEffect } from '../domain/mail-report.ts';
import { lockSubjects } from '../store/locks.ts';
import { mailById, noteReport } from '../store/mails.ts';
import { insertSuppression } from '../store/suppressions.ts';
import type { Context } from './context.ts';

export type RecordedReport = { outcome: ReportEffect['effect'] | 'unknown_mail'; mailId?: string };

/**
 * Records what a report says of a mail, any number of times. Only the address that the mail was sent to is suppressed, whatever addresses the
 * report names. Of a mail that was removed (by age, or with an erased account) nothing is written; the lock is that of erasures.
 */
export async function recordReport(
  ctx: Pick<Context, 'pool' | 'now' | 'mailDomain' | 'bounceAddress'>,
  report: MailReport,
): Promise<RecordedReport> {
  const { effect, detail } = effectOfReport(report);
  const mailId = mailIdOf(report, ctx);
  const known = mailId === undefined ? undefined : await mailById(ctx.pool, mailId);
  if (mailId === undefined || !known) return { outcome: 'unknown_mail' };
  if (effect === 'nothing') return { outcome: effect, mailId };
  return ctx.pool.transaction(async (tx) => {
    lockSubjects(
      tx,
      [known.accountId, known.orderId].filter((id) => id !== null),
    );
    const mail = await mailById(tx, mailId);
    if (!mail || mail.recipient === null) return { outcome: 'unknown_mail' };
    await noteReport(tx, mailId, { isBounced: effect !== 'complaint', detail });
    if (effect !== 'not_delivered') {
      const reason = effect === 'complaint' ? 'complaint' : 'bounce';
      await insertSuppression(tx, { id: uuidv7(), address: mail.recipient, reason, detail, createdAt: ctx.now() });
    }
    return { outcome: effect, mailId };
  });
}
