import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Db } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';
import type { Identity } from '@tradepost/runtime/identity';
import { documentOf } from '../domain/document-of.ts';
import type { Mail, MailStatus } from '../domain/mail.ts';
import { isOptional } from '../domain/optional-mails.ts';
import { contactsOf } from '../store/contacts.ts';
import { insertMails, listMails, type MailFilter, mailByCause, mailById } from '../store/mails.ts';
import { unsubscriptionsOf } from '../store/unsubscriptions.ts';
import type { RenderedMail } from '../templates/render.ts';
import type { Context } from './context.ts';
import { renderWithoutTokens } from './render-mail.ts';

export type MailPage = { items: { mail: Mail; subject: string }[]; next: string | null };

/** Mails newest first. `before` is the id that the page before ended with. */
export async function mailPage(
  ctx: Context,
  filter: MailFilter,
  { before, limit }: { before: string | null; limit: number },
): Promise<MailPage> {
  const found = await listMails(ctx.pool, filter, { before, limit: limit + 1 });
  const mails = found.slice(0, limit);
  const items = mails.map((mail) => ({ mail, subject: subjectOf(ctx, mail) }));
  return { items, next: found.length > limit ? (mails.at(-1)?.id ?? null) : null };
}

const subjectOf = ({ branding }: Context, mail: Mail): string =>
  documentOf({ ...mail, recipient: mail.recipient ?? '' }, { branding, tokens: {} }).subject;

/** One mail as it is sent, without links that let somebody in. */
export async function readMail(ctx: Context, id: string): Promise<{ mail: Mail; rendered: RenderedMail }> {
  const mail = await requireMail(ctx, id);
  return { mail, rendered: await renderWithoutTokens(ctx, mail) };
}

export async function requireMail(ctx: Context, id: string): Promise<Mail> {
  const mail = await mailById(ctx.pool, id);
  if (!mail) throw new ProblemError('not_found', 'There is no such mail; mails are removed after a while');
  return mail;
}

/** Those that will not be sent any more. */
const finished: ReadonlySet<MailStatus> = new Set([
  ...(['sent', 'kept', 'withdrawn', 'expired', 'suppressed', 'bounced', 'failed'] as const),
]);

/**
 * Sends a mail once more, as a new one. `key` makes it a mail of its own for each request, so the same request again makes none. The mail of
 * an order of an account goes to the address that the account has now.
 */
export async function resendMail(ctx: Context, by: Identity, id: string, key: string): Promise<Mail> {
  const now = ctx.now();
  const original = await requireMail(ctx, id);
  const cause = `resend:${by.accountId}:${key}`;
  const stored = await ctx.pool.transaction(async (tx) => {
    const earlier = await mailByCause(tx, cause);
    if (earlier) return earlier;
    assertResendable(original, now);
    await assertWanted(tx, original);
    const { content, locale, orderId, accountId, expiresAt } = original;
    const contact =
      orderId !== null && accountId !== null ? (await contactsOf(tx, [accountId])).get(accountId) : undefined;
    const recipient = contact ?? { email: original.recipient ?? '', name: original.recipientName };
    const common = {
      id: uuidv7(),
      cause,
      content,
      locale: contact?.locale ?? locale,
      recipient,
      status: 'due',
      resentFrom: id,
      dueAt: now,
    } as const;
    const about = {
      orderId: orderId ?? undefined,
      accountId: accountId ?? undefined,
      expiresAt: expiresAt ?? undefined,
    };
    await insertMails(tx, [{ ...common, ...about }], now);
    tx.onCommit(() => {
      ctx.leasedMails.lookSoon();
      ctx.mailsDue(1);
    });
    return mailByCause(tx, cause);
  });
  if (stored?.resentFrom === id) return stored;
  throw new ProblemError('idempotency_key_reused', 'The Idempotency-Key was used with another request', {
    errors: [{ field: 'Idempotency-Key', message: 'send a new one with a new request' }],
  });
}

async function assertWanted(db: Db, { accountId, content: { kind } }: Mail): Promise<void> {
  if (accountId === null || !isOptional(kind)) return;
  if ((await unsubscriptionsOf(db, [accountId])).get(accountId)?.has(kind))
    throw new ProblemError('conflict', 'The account does not want mails of this kind');
}

function assertResendable({ status, expiresAt, recipient }: Mail, now: Date): void {
  if (!finished.has(status)) throw new ProblemError('conflict', `The mail is ${status}: it is still to be sent`);
  if (recipient === null) throw new ProblemError('conflict', 'The address was never known');
  if (expiresAt !== null && expiresAt <= now)
    throw new ProblemError('conflict', 'The link in the mail is not valid any more');
}
