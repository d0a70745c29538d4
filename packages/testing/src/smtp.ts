import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

/**
 * What the server does with one delivery. `drop`: closes the connection in the middle of the mail, which is lost. `drop-reply`: takes the mail
 * and closes the connection before it says so. `stall`: answers nothing any more. A code is what it answers to a command, with an enhanced
 * code where there is one: `{ at: 'RCPT', code: 550, enhanced: '5.1.1' }`.
 */
export type SmtpReaction = 'accept' | 'drop' | 'drop-reply' | 'stall' | SmtpRefusal;
export type SmtpRefusal = { at: 'MAIL' | 'RCPT' | 'DATA'; code: number; enhanced?: string };

/** A mail that the server has taken. */
export type ReceivedMail = {
  /** The addresses of the envelope. */
  from: string;
  to: string;
  messageId: string;
  /** With headers, as it came. */
  raw: string;
  /** Its parts, decoded. */
  email: Email;
};

/** A mail server for tests, with a script of faults. */
export type TestSmtpServer = {
  /** What goes into SMTP_URL. */
  readonly url: string;
  readonly received: readonly ReceivedMail[];
  /** How often each mail was taken, by its Message-ID. */
  readonly taken: ReadonlyMap<string, number>;
  /** Deliveries that were begun: recipients that were named, whether or not they were taken. */
  readonly attempts: readonly string[];
  /** Most connections that were open at the same time. */
  readonly mostConnections: number;
  /** All connections that were ever opened. */
  readonly connections: number;
  /** What happens to deliveries from now on; all are accepted unless said. `attempt` counts those to this address, from 1. */
  react(decide: (delivery: { to: string; attempt: number }) => SmtpReaction): void;
  /** Ends all connections, and those that stall. */
  close(): Promise<void>;
};

/**
 * Starts a mail server on a free port of loopback, without TLS and passwords. `delayMs` is how long it takes to accept a mail. Without
 * `keepsBodies`, which is true unless said, `received` stays empty: for runs with many mails.
 */
// Long: the callbacks of one server, on the same state
export async function startSmtpServer(o: { delayMs?: number; keepsBodies?: boolean } = {}): Promise<TestSmtpServer> {
  const received: ReceivedMail[] = [];
  const taken = new Map<string, number>();
  const attempts: string[] = [];
  const attemptsTo = new Map<string, number>();
  const reactions = new WeakMap<SMTPServerSession, SmtpReaction>();
  let decide: (delivery: { to: string; attempt: number }) => SmtpReaction = () => 'accept';
  let mostConnections = 0;
  let connections = 0;

  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], disableReverseLookup: true, logger: false },
    onConnect(_session, done) {
      connections++;
      mostConnections = Math.max(mostConnections, server.connections.size);
      done();
    },
    onRcptTo({ address }, session, done) {
      attempts.push(address);
      const attempt = (attemptsTo.get(address) ?? 0) + 1;
      attemptsTo.set(address, attempt);
      const reaction = decide({ to: address, attempt });
      reactions.set(session, reaction);
      // The sender is refused here: who it is written to is not known before.
      if (typeof reaction === 'object' && reaction.at !== 'DATA') done(refusal(reaction));
      else if (reaction !== 'stall') done();
    },
    onData(stream, session, done) {
      const reaction = reactions.get(session) ?? 'accept';
      if (reaction === 'drop') disconnect(session);
      readAll(stream)
        .then(async (raw) => {
          if (typeof reaction === 'object') return done(refusal(reaction));
          await new Promise((resolve) => setTimeout(resolve, o.delayMs ?? 0));
          const messageId = /^message-id:\s*(<[^>]*>)/im.exec(raw.toString('latin1'))?.[1] ?? '';
          taken.set(messageId, (taken.get(messageId) ?? 0) + 1);
          if (o.keepsBodies !== false) received.push(await readMail(raw, session));
          if (reaction === 'drop-reply') disconnect(session);
          else done();
        })
        // The connection has ended before the whole mail was there.
        .catch(() => undefined);
    },
  });
  // Connections that the client or the script ends.
  server.on('error', () => {});

  function disconnect(session: SMTPServerSession): void {
    for (const connection of server.connections) if (connection.id === session.id) connection._socket.destroy();
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // as: a server that listens on a port has an address of this kind.
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    taken,
    attempts,
    get mostConnections() {
      return mostConnections;
    },
    get connections() {
      return connections;
    },
    react(next) {
      decide = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of server.connections) connection._socket.destroy();
      }),
  };
}

const refusal = ({ code, enhanced }: SmtpRefusal): Error =>
  Object.assign(new Error(`${enhanced === undefined ? '' : `${enhanced} `}Refused by the test`), {
    responseCode: code,
  });

async function readAll(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function readMail(raw: Buffer, { envelope }: SMTPServerSession): Promise<ReceivedMail> {
  const email = await PostalMime.parse(raw);
  return {
    from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
    to: envelope.rcptTo.map(({ address }) => address).join(', '),
    messageId: email.messageId ?? '',
    raw: raw.toString('utf8'),
    email,
  };
}
