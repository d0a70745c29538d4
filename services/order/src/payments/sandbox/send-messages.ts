import type { Db } from '@tradepost/postgres/db';
import { request } from 'undici';
import { settleProcessing } from './charges.ts';
import { claimMessages, markMessageSent, type SandboxMessage, signMessage } from './messages.ts';

const BATCH = 20;
const TIMEOUT_MS = 5_000;

export type MessageSender = { db: Db; secret: () => Promise<Buffer>; url: string };

/** Sends the messages of the sandbox that are due to the webhook at `url`, as a real provider would from outside. */
export async function sendSandboxMessages(sender: MessageSender): Promise<number> {
  await settleProcessing(sender.db, null, true);
  const due = await claimMessages(sender.db, BATCH);
  await Promise.all(due.map((message) => send(sender, message)));
  return due.length;
}

async function send({ db, secret, url }: MessageSender, message: SandboxMessage): Promise<void> {
  const body = JSON.stringify(message);
  const headers = {
    'content-type': 'application/json',
    'sandbox-signature': signMessage(await secret(), body, new Date()),
  };
  try {
    const response = await request(url, {
      method: 'POST',
      headers,
      body,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    });
    await response.body.dump();
    if (response.statusCode < 300) await markMessageSent(db, message.id);
  } catch {
    // Not accepted: it is sent again when its lease is over.
  }
}
