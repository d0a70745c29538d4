import { createTransport } from 'nodemailer';
import { outcomeOfError, type SendOutcome } from '../domain/smtp-problem.ts';

/** A rendered mail with its addresses. */
export type OutgoingMail = {
  messageId: string;
  /** What the address for bounces of this mail has after its `+`. */
  bounceTag: string;
  to: { address: string; name: string };
  subject: string;
  html: string;
  text: string;
  /** Where a POST ends mails of this kind (RFC 8058). */
  unsubscribeUrl?: string;
};

/** Sends mails. */
export type MailSender = {
  /** Resolves with what became of it; never rejects. */
  send(mail: OutgoingMail): Promise<SendOutcome>;
  close(): void;
};

export type SenderOptions = {
  url: string;
  ca: string | undefined;
  from: string;
  replyTo: string | undefined;
  bounceAddress: string | undefined;
  parallel: number;
  timeoutMs: number;
  /** Aborted when mails that are being sent are given up: the instance stops. */
  cutOff: AbortSignal;
};

/** A mail takes this many times the timeout of one step at most: a server that sends a byte now and then passes every other timeout. */
export const STEPS_PER_MAIL = 2;

/**
 * A pool of connections to the mail server. `nodemailer` itself retries nothing (`maxRequeues`): each attempt is one that the table
 * knows of. It logs nothing, since its log has addresses.
 */
export function createMailSender(o: SenderOptions): MailSender {
  const address = /<([^<>]+)>\s*$/.exec(o.from)?.[1] ?? o.from.trim();
  const transport = createTransport({
    ...{ url: o.url, pool: true, maxConnections: o.parallel, maxRequeues: 0, logger: false },
    ...{
      connectionTimeout: o.timeoutMs,
      greetingTimeout: o.timeoutMs,
      socketTimeout: o.timeoutMs,
      dnsTimeout: o.timeoutMs,
    },
    ...(o.ca !== undefined && { tls: { ca: o.ca } }),
    // Nothing of a mail names a file or an address to fetch.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  // Without a listener an error of an idle connection would end the process.
  transport.on('error', () => {});
  return {
    async send({ messageId, bounceTag, to, subject, html, text, unsubscribeUrl }) {
      try {
        await transport.sendMail({
          ...{ messageId, from: o.from, to, subject, html, text },
          ...(o.replyTo !== undefined && { replyTo: o.replyTo }),
          envelope: { from: o.bounceAddress?.replace('@', `+${bounceTag}@`) ?? address, to: [to.address] },
          ...(unsubscribeUrl !== undefined && { list: { unsubscribe: unsubscribeUrl } }),
          headers: {
            // RFC 3834: programs that answer mails by themselves leave it alone.
            'Auto-Submitted': 'auto-generated',
            ...(unsubscribeUrl !== undefined && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
          },
          signal: AbortSignal.any([AbortSignal.timeout(STEPS_PER_MAIL * o.timeoutMs), o.cutOff]),
        });
        return { status: 'sent' };
      } catch (error) {
        return outcomeOfError(error);
      }
    },
    close: () => transport.close({ force: true }),
  };
}
