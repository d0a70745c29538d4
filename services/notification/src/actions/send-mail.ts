import { setTimeout } from 'node:timers/promises';
import { readEmailAddress } from '@tradepost/contracts/email-address';
import { isTransient } from '@tradepost/postgres/unavailable';
import type { Mail, MailStatus } from '../domain/mail.ts';
import { singleLine } from '../domain/mail-document.ts';
import { retryPauseMs } from '../domain/retry.ts';
import type { SendOutcome } from '../domain/smtp-problem.ts';
import { deferMail, type LeasedMail } from '../store/mail-leases.ts';
import type { RenderedMail } from '../templates/render.ts';
import type { SendingContext } from './context.ts';
import { messageIdOf, renderMail, unsubscribeTokenOf } from './render-mail.ts';
import { suppressAddress } from './suppress-address.ts';

/**
 * Sends the next mail, and returns 0 when none is due.
 *
 * It is leased when it is written, or claimed in one statement, sent outside of a transaction, and recorded in another statement. When this process is killed in between,
 * or the database is not to be reached until the lease ends, the mail is sent again: once for each such crash, and always with the same
 * Message-ID. The other order (recorded first) would lose mails.
 */
export async function sendNextMail(ctx: SendingContext): Promise<number> {
  const mail = await nextMail(ctx);
  if (!mail) return 0;
  const leasedUntil = mail.dueAt;
  const unsent = reasonNotToSend(ctx, mail);
  const outcome = unsent ?? (await attempt(ctx, mail));
  await untilRecorded(ctx, leasedUntil, () => record(ctx, mail, outcome));
  return 1;
}

/** One that this instance leased when it wrote it, or else the one that has been due longest. */
async function nextMail(ctx: SendingContext): Promise<LeasedMail | undefined> {
  const now = ctx.now();
  const leased = ctx.leasedMails.next(now);
  if (leased || !ctx.leasedMails.isTimeToLook(now)) return leased;
  const claimed = await ctx.leases.claim(now, new Date(now.getTime() + ctx.leaseMs));
  ctx.leasedMails.looked(now, claimed !== undefined);
  return claimed;
}

type Result = SendOutcome | { status: Exclude<MailStatus, 'sent' | 'bounced'>; problem?: string };

function reasonNotToSend(ctx: SendingContext, mail: LeasedMail): Result | undefined {
  if (mail.expiresAt !== null && mail.expiresAt <= ctx.now()) return { status: 'expired' };
  if (mail.isSuppressed) return { status: 'suppressed' };
  if (ctx.sender === undefined) return { status: 'kept' };
  return undefined;
}

async function attempt(ctx: SendingContext, mail: Mail): Promise<Result> {
  const address = readEmailAddress(mail.recipient ?? '');
  // Not a matter of the mail server: it would read `a@b.example, c@d.example` as two.
  if (!('value' in address)) return { status: 'failed', problem: 'not an e-mail address' };
  if (!ctx.sender) return { status: 'kept' };
  let rendered: RenderedMail;
  try {
    rendered = await renderMail(ctx, mail);
  } catch {
    // Without the error: it may quote what is encrypted.
    return { status: 'retry', problem: 'cannot be rendered: is MAIL_KEY the one that it was written with?' };
  }
  const to = { address: address.value, name: singleLine(mail.recipientName) };
  const token = unsubscribeTokenOf(ctx, mail);
  return ctx.sender.send({
    ...{ messageId: messageIdOf(ctx, mail), bounceTag: mail.id, to, ...rendered },
    ...(token !== undefined && { unsubscribeUrl: `${ctx.branding.publicUrl}/api/v1/mail/unsubscribe?token=${token}` }),
  });
}

async function record(ctx: SendingContext, mail: Mail, result: Result): Promise<void> {
  const now = ctx.now();
  const problem = ('problem' in result ? result.problem : undefined) ?? null;
  if (result.status === 'retry') {
    const pause = retryPauseMs(mail.attempts, ctx.retry, ctx.random());
    if (pause !== undefined)
      await deferMail(ctx.pool, mail, { problem: problem ?? '', dueAt: new Date(now.getTime() + pause) });
    else await ctx.leases.finish(mail, { status: 'failed', problem, now });
    note(ctx, mail, pause === undefined ? 'failed' : 'retry', problem);
    return;
  }
  if (result.status === 'bounced' && mail.recipient !== null) {
    await suppressAddress(ctx, mail.recipient, 'bounce', problem ?? undefined);
  }
  await ctx.leases.finish(mail, { status: result.status, problem, now });
  note(ctx, mail, result.status, problem);
}

/** Neither address nor subject: logs are read by more people than mails. */
function note(ctx: SendingContext, mail: Mail, outcome: string, problem: string | null): void {
  ctx.onOutcome(outcome);
  const line = { mailId: mail.id, kind: mail.content.kind, attempts: mail.attempts, outcome };
  if (problem === null) ctx.log.debug(line, 'a mail is done');
  else ctx.log.warn({ ...line, problem }, 'a mail was not sent');
}

/** A mail that was sent and is not recorded would be sent again: while the lease lasts, the record is tried again. */
async function untilRecorded(ctx: SendingContext, leasedUntil: Date, work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (err) {
      if (!isTransient(err) || ctx.now() >= leasedUntil) throw err;
      await setTimeout(100);
    }
  }
}
