/** What a mail server or provider reports of a mail that was sent, as far as it was understood. */
export type MailReport = {
  /** Which mail it is about: Message-IDs that the report quotes, and the addresses that the report was sent to. */
  messageIds: readonly string[];
  sentTo: readonly string[];
} & (
  | { type: 'delivery'; recipients: readonly DeliveryStatus[] }
  /** RFC 5965: its reader has called the mail spam. */
  | { type: 'complaint'; feedbackType: string }
);

/** The fields of one recipient in a delivery report (RFC 3464). */
export type DeliveryStatus = { action: string; status: string; diagnosticCode: string };

/**
 * What follows from a report. `bounce` and `complaint`: nothing is sent to the address any more. `not_delivered`: this mail did not arrive, for
 * a reason that is not the address, such as a mailbox that is full. `nothing`: it arrived, or is late.
 */
export type ReportEffect = { effect: 'bounce' | 'not_delivered' | 'complaint' | 'nothing'; detail: string };

/** Codes of RFC 3463 that say that there is no such address, or that its mailbox is closed for good. */
const noSuchAddress = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1', '5.4.4']);
/** Types of RFC 5965 by which a reader says that they do not want such mails; `not-spam` says the opposite. */
const unwanted = new Set(['abuse', 'opt-out', 'fraud']);

/** Reads what follows from a report; `detail` has codes and no words of the report, which quote the address. */
export function effectOfReport(report: MailReport): ReportEffect {
  if (report.type === 'complaint') {
    const isComplaint = unwanted.has(report.feedbackType);
    return isComplaint
      ? { effect: 'complaint', detail: `${report.feedbackType} report` }
      : { effect: 'nothing', detail: 'report' };
  }
  const failed = report.recipients.filter(({ action }) => action === 'failed').map(statusOf);
  const [status] = failed.toSorted((a, b) => Number(noSuchAddress.has(b)) - Number(noSuchAddress.has(a)));
  if (status === undefined) return { effect: 'nothing', detail: 'delivery report' };
  const effect = noSuchAddress.has(status) ? 'bounce' : 'not_delivered';
  return { effect, detail: `${status} in a delivery report` };
}

/**
 * The most exact code: a server that knows no more (Exim) writes `5.0.0`, and quotes the answer of the other server, in which an enhanced
 * code may stand. Without one, `550` and `553` to the recipient say that there is no such address (RFC 5321, section 4.2.3).
 */
function statusOf({ status, diagnosticCode }: DeliveryStatus): string {
  const given = /^[245]\.\d{1,3}\.\d{1,3}$/.test(status) ? status : '5.0.0';
  if (!given.endsWith('.0.0')) return given;
  const quoted = /\b[45]\d\d[ -](5\.\d{1,3}\.\d{1,3})\b/.exec(diagnosticCode)?.[1];
  if (quoted !== undefined) return quoted;
  return /^smtp; *55[03]\b/i.test(diagnosticCode) ? '5.1.1' : given;
}

const mailId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Ours: the id of the mail, and the domain. */
const messageId = /^<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@([^<>@]+)>$/;

/**
 * The id of the mail that a report is about: of the address that the report came to (`bounces+<id>@…`), else of a Message-ID of ours that it
 * quotes. Whoever knows the id has got the mail, so a forged report can only say of a reader what they could say themselves.
 */
export function mailIdOf(
  { messageIds, sentTo }: MailReport,
  ours: { mailDomain: string; bounceAddress: string | undefined },
): string | undefined {
  const [local, domain] = ours.bounceAddress?.toLowerCase().split('@') ?? [];
  const byAddress = sentTo.map((address) => {
    const [user = '', host] = address.toLowerCase().split('@');
    return host === domain && user.startsWith(`${local}+`) ? user.slice(`${local}+`.length) : '';
  });
  const byMessageId = messageIds.map((id) => {
    const [, found = '', host] = messageId.exec(id.trim().toLowerCase()) ?? [];
    return host === ours.mailDomain.toLowerCase() ? found : '';
  });
  return [...byAddress, ...byMessageId].find((id) => mailId.test(id));
}
