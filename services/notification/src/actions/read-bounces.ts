import type { MailReport } from '../domain/mail-report.ts';
import { isMissing, type MaildirEntry, newMails } from '../smtp/maildir.ts';
import { MAX_REPORT_BYTES, readReport } from '../smtp/read-report.ts';
import type { Context } from './context.ts';
import { type RecordedReport, recordReport } from './record-report.ts';

const BATCH = 50;

export type BounceContext = Pick<Context, 'pool' | 'now' | 'log' | 'mailDomain' | 'bounceAddress'> & {
  onReport: (outcome: RecordedReport['outcome'] | 'not_a_report') => void;
};

/**
 * One round of the task: reads the mailbox that bounces and complaints are delivered to, and returns how many mails there were. A report is
 * removed once it is recorded: when the process is killed in between, it is recorded again, which changes nothing. What is no report stays,
 * flagged, for somebody to read.
 */
export async function readBounces(ctx: BounceContext, directory: string): Promise<number> {
  const mails = await newMails(directory, BATCH);
  for (const mail of mails) await readBounce(ctx, mail);
  return mails.length;
}

async function readBounce(ctx: BounceContext, mail: MaildirEntry): Promise<void> {
  let report: MailReport | undefined;
  try {
    report = await readReport(await mail.read(MAX_REPORT_BYTES));
  } catch (err) {
    // Another instance has taken it.
    if (isMissing(err)) return;
    // Anybody can write to the mailbox: what cannot be read must not hold up the others. Without the error: it may quote the mail.
    report = undefined;
  }
  if (!report) {
    await mail.flag();
    ctx.onReport('not_a_report');
    ctx.log.info({ file: mail.name }, 'a mail to the mailbox of bounces is no report that can be read');
    return;
  }
  const recorded = await recordReport(ctx, report);
  await mail.remove();
  ctx.onReport(recorded.outcome);
  ctx.log.debug(recorded, 'a report about a mail is recorded');
}
