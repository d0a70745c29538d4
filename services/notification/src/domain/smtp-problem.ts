/** What became of an attempt to send. `problem` never has the words of the server: they quote the address. */
export type SendOutcome =
  | { status: 'sent' }
  /** The server refuses the address for good. */
  | { status: 'bounced'; problem: string }
  | { status: 'retry'; problem: string };

/**
 * Reads an error of `nodemailer`. A permanent refusal (5xx) of the recipient bounces, unless its enhanced code says that it is about the
 * sender or a policy (5.7.x: relaying denied): then the shop's settings are wrong, and not the address. Everything else may pass: a
 * busy or broken server, a wrong password that is put right.
 */
export function outcomeOfError(error: unknown): SendOutcome {
  const { code, command, responseCode, response } = fieldsOf(error);
  if (responseCode === undefined) return { status: 'retry', problem: code ?? 'unknown error' };
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1];
  const problem = [responseCode, enhanced, 'to', command ?? 'the connection']
    .filter((part) => part !== undefined)
    .join(' ');
  const isAboutAddress = command === 'RCPT TO' && responseCode >= 500 && !enhanced?.startsWith('5.7.');
  return { status: isAboutAddress ? 'bounced' : 'retry', problem };
}

function fieldsOf(error: unknown) {
  const read = (name: string): unknown =>
    typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const [responseCode, name] = [read('responseCode'), text(read('name'))];
  return {
    // Names of codes and classes only: `ETIMEDOUT`, `AbortError`.
    code: [text(read('code')), name].find((one) => one !== undefined && /^[A-Za-z_]{1,40}$/.test(one)),
    command: /^(CONN|EHLO|HELO|STARTTLS|AUTH|MAIL FROM|RCPT TO|DATA|RSET)\b/.exec(text(read('command')) ?? '')?.[0],
    responseCode: typeof responseCode === 'number' ? responseCode : undefined,
    response: text(read('response')),
  };
}
