import type { Locale } from '@tradepost/contracts/locales';
import type { Mail, MailContent, MailStatus } from '../domain/mail.ts';

export type MailRow = {
  id: string;
  cause: string;
  locale: Locale;
  order_id: string | null;
  account_id: string | null;
  recipient: string | null;
  recipient_name: string;
  data: MailContent;
  status: MailStatus;
  due_at: Date;
  expires_at: Date | null;
  attempts: number;
  last_problem: string | null;
  resent_from: string | null;
  created_at: Date;
  finished_at: Date | null;
};

export const mailColumns = `id, cause, locale, order_id, account_id, recipient, recipient_name, data, status, due_at, expires_at, attempts,
  last_problem, resent_from, created_at, finished_at`;

/** Whether nothing is sent to the address of a mail `m`. */
export const suppressedColumn = 'exists (select from suppression s where s.address = lower(m.recipient)) as suppressed';

export type LeasedRow = MailRow & { suppressed: boolean };

export const toLeasedMail = (row: LeasedRow): Mail & { isSuppressed: boolean } => ({
  ...toMail(row),
  isSuppressed: row.suppressed,
});

export const toMail = (row: MailRow): Mail => ({
  id: row.id,
  cause: row.cause,
  locale: row.locale,
  content: row.data,
  status: row.status,
  orderId: row.order_id,
  accountId: row.account_id,
  recipient: row.recipient,
  recipientName: row.recipient_name,
  dueAt: row.due_at,
  expiresAt: row.expires_at,
  attempts: row.attempts,
  lastProblem: row.last_problem,
  resentFrom: row.resent_from,
  createdAt: row.created_at,
  finishedAt: row.finished_at,
});
