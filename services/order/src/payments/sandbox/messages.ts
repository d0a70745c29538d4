import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Db } from '@tradepost/postgres/db';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { type PaymentMessage, WebhookError } from '../provider.ts';

/** How old a message may be, in milliseconds: one that was recorded cannot be sent again later. */
const MAX_AGE_MS = 300_000;

const SIGNATURE = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;

const Message = Type.Object({
  id: Type.String({ maxLength: 100 }),
  key: Type.String({ maxLength: 100 }),
  content: Type.Union([
    Type.Object({ status: Type.Union([Type.Literal('captured'), Type.Literal('authorized')]) }),
    Type.Object({ status: Type.Literal('declined'), reason: Type.String({ maxLength: 100 }) }),
    Type.Object({ status: Type.Literal('fee'), amount: Type.Integer({ minimum: 0 }) }),
  ]),
});
const message = Compile(Message);

const signatureOf = (secret: Buffer, at: string, body: Buffer | string): Buffer =>
  createHmac('sha256', secret).update(`sandbox message ${at}.`).update(body).digest();

/** `sandbox-signature: t=<seconds since 1970>,v1=<HMAC-SHA256 as hex>`, of the time and the body. */
export function signMessage(secret: Buffer, body: string, now: Date): string {
  const at = String(Math.floor(now.getTime() / 1000));
  return `t=${at},v1=${signatureOf(secret, at, body).toString('hex')}`;
}

/** The message of a request to the webhook. Throws `WebhookError` for one that the sandbox did not sign, or that is too old. */
export function parseMessage(
  secret: Buffer,
  body: Buffer,
  headers: IncomingHttpHeaders,
  now = new Date(),
): PaymentMessage[] {
  const [, at, signature] = SIGNATURE.exec(String(headers['sandbox-signature'])) ?? [];
  if (at === undefined || signature === undefined)
    throw new WebhookError('`sandbox-signature` is missing or malformed');
  if (!timingSafeEqual(signatureOf(secret, at, body), Buffer.from(signature, 'hex'))) {
    throw new WebhookError('The signature is not of this body');
  }
  if (Math.abs(now.getTime() - Number(at) * 1000) > MAX_AGE_MS) throw new WebhookError('The message is too old');
  return [readMessage(body.toString())];
}

function readMessage(text: string): Static<typeof Message> {
  try {
    return message.Parse(JSON.parse(text));
  } catch (cause) {
    throw new WebhookError('The body is not a message of the sandbox', { cause });
  }
}

export type SandboxMessage = { id: string; key: string; content: unknown };

/** Takes messages that are due; each is put off by a growing lease, so that one that was not accepted is sent again. */
export async function claimMessages(db: Db, limit: number): Promise<SandboxMessage[]> {
  const { rows } = await db.query<SandboxMessage>({
    name: 'sandbox.claim-messages',
    text: `update sandbox_message set attempts = attempts + 1, due_at = now() + least(attempts + 1, 60) * interval '1 second'
      where id in (select id from sandbox_message where due_at <= now() order by due_at limit $1 for update skip locked)
      returning id, key, content`,
    values: [limit],
  });
  return rows;
}

/** A message was accepted: it is sent as often as it has sends left, each time after a while that chance decides. */
export async function markMessageSent(db: Db, id: string): Promise<void> {
  await db.query({
    name: 'sandbox.message-sent',
    text: `with done as (delete from sandbox_message where id = $1 and sends = 1)
      update sandbox_message set sends = sends - 1, due_at = now() + random() * interval '3 seconds' where id = $1 and sends > 1`,
    values: [id],
  });
}
