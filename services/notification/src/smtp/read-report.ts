import type { Attachment, Email } from 'postal-mime';
import type { DeliveryStatus, MailReport } from '../domain/mail-report.ts';

/** Longer mails are no reports, or quote more than is of use. */
export const MAX_REPORT_BYTES = 1024 * 1024;
/** What a report may hold: one that has more is not looked at. */
const limits = { maxNestingDepth: 10, maxHeadersSize: 64 * 1024, maxRfc822NestingDepth: 0 };
/** The part with the status of recipients: ours have one recipient, and few lines. */
const MAX_STATUS_BYTES = 64 * 1024;
const MAX_RECIPIENTS = 20;

/**
 * Reads a mail as a delivery report (RFC 3464) or a complaint (RFC 5965); undefined where it is neither. Both are `multipart/report` with a
 * part that programs read and, mostly, the mail or its headers. Throws where the mail cannot be parsed within the limits.
 */
export async function readReport(raw: Uint8Array): Promise<MailReport | undefined> {
  if (raw.byteLength > MAX_REPORT_BYTES) throw new Error('The mail is too large for a report');
  const email = await parseMail(raw);
  const part = (...types: string[]) => email.attachments.find(({ mimeType }) => types.includes(mimeType));
  const status = part('message/delivery-status', 'message/global-delivery-status');
  const feedback = part('message/feedback-report');
  const found = status ?? feedback;
  if (!found) return undefined;
  const original = part('message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers');
  const about = { messageIds: await messageIdsOf(original), sentTo: recipientsOf(email) };
  const groups = await fieldGroups(found);
  if (status) return { type: 'delivery', ...about, recipients: groups.flatMap(recipientOf) };
  const feedbackType = groups[0]?.get('feedback-type')?.trim().toLowerCase() ?? '';
  return { type: 'complaint', ...about, feedbackType };
}

/** The parser is loaded with the first mail that comes back. */
async function parseMail(raw: Uint8Array | string): Promise<Email> {
  const { default: PostalMime } = await import('postal-mime');
  return PostalMime.parse(raw, limits);
}

function recipientsOf({ deliveredTo, to = [] }: Email): string[] {
  const addresses = [deliveredTo, ...to.map(({ address }) => address)];
  return addresses.filter((address) => address !== undefined).slice(0, MAX_RECIPIENTS);
}

/** Groups without a recipient are about the report. */
function recipientOf(fields: ReadonlyMap<string, string>): DeliveryStatus[] {
  const action = fields.get('action')?.trim().toLowerCase();
  if (action === undefined) return [];
  // `5.1.1 (bad destination mailbox address)`: the comment is for people.
  const status = fields.get('status')?.trim().split(/\s/, 1)[0] ?? '';
  return [{ action, status, diagnosticCode: fields.get('diagnostic-code')?.trim().slice(0, 1000) ?? '' }];
}

async function messageIdsOf(original: Attachment | undefined): Promise<string[]> {
  if (!original) return [];
  const { headers } = await parseMail(headOf(bytesOf(original)));
  return headers.flatMap(({ key, value }) => (key === 'message-id' ? [value] : [])).slice(0, 3);
}

/** Fields are written as headers are, in groups with an empty line in between. */
async function fieldGroups(part: Attachment): Promise<ReadonlyMap<string, string>[]> {
  const text = bytesOf(part).subarray(0, MAX_STATUS_BYTES).toString('utf8');
  const groups = text.split(/\r?\n\r?\n/, MAX_RECIPIENTS + 1).filter((group) => group.trim() !== '');
  const parsed = await Promise.all(groups.map((group) => parseMail(`${group.trim()}\r\n\r\n`)));
  return parsed.map(({ headers }) => new Map(headers.map(({ key, value }) => [key, value])));
}

const bytesOf = ({ content }: Attachment): Buffer =>
  typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer);

/** The headers of a mail; its text is not looked at. */
function headOf(mail: Buffer): Buffer {
  const head = mail.subarray(0, limits.maxHeadersSize);
  const ends = ['\r\n\r\n', '\n\n'].map((end) => head.indexOf(end)).filter((at) => at >= 0);
  return head.subarray(0, ends.length === 0 ? head.length : Math.min(...ends) + 2);
}
