import { type SmtpReaction, startSmtpServer } from '@tradepost/testing/smtp';

/** The mail server of a run. */
export type MailServer = {
  /** What goes into SMTP_URL. */
  url: string;
  /** How often it took each mail, by its Message-ID. */
  taken: ReadonlyMap<string, number>;
  close: () => Promise<void>;
};

/** What happens to one delivery in so many, the rest is taken. */
const faults: readonly { oneIn: number; reaction: SmtpReaction }[] = [
  { oneIn: 23, reaction: { at: 'RCPT', code: 451 } },
  { oneIn: 29, reaction: { at: 'DATA', code: 452 } },
  { oneIn: 31, reaction: 'drop' },
  { oneIn: 37, reaction: 'drop-reply' },
  { oneIn: 199, reaction: 'stall' },
];

/** Starts a mail server that puts off, loses, stalls and takes without saying so, each now and then. */
export async function startMailServer(): Promise<MailServer> {
  const server = await startSmtpServer({ keepsBodies: false });
  let deliveries = 0;
  server.react(() => {
    deliveries += 1;
    return faults.find(({ oneIn }) => deliveries % oneIn === 0)?.reaction ?? 'accept';
  });
  return { url: server.url, taken: server.taken, close: server.close };
}
