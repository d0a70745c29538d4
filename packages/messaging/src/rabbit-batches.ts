import type { AsyncMessage } from 'rabbitmq-client';
import type { EncodedEvent } from './encoded-event.ts';

/**
 * Messages with several events of one type: a JSON array of CloudEvents. Most of what a message costs broker and client does not
 * depend on its length. A consumer takes the events of a batch apart (`split-batch.ts`): each is handled, retried and dead-lettered alone.
 * Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#4-json-batch-format
 */
export const BATCH_CONTENT_TYPE = 'application/cloudevents-batch+json';
export const EVENT_CONTENT_TYPE = 'application/cloudevents+json';

/** The routing key of batches, which go to queues of their own: a consumer that knows single events only never gets one. */
export const batchKey = (type: string): string => `batch.${type}`;

/** So that what one consumer has in memory stays small. */
const MAX_EVENTS = 50;
/** In UTF-16 units. A longer event goes alone. */
const MAX_LENGTH = 256 * 1024;

/** Gathers events by type, in their order, into lists that each make one message. */
export function groupIntoBatches(events: readonly EncodedEvent[]): EncodedEvent[][] {
  const batches: EncodedEvent[][] = [];
  const current = new Map<string, { batch: EncodedEvent[]; length: number }>();
  for (const event of events) {
    const open = current.get(event.type);
    if (open && open.batch.length < MAX_EVENTS && open.length + event.json.length <= MAX_LENGTH) {
      open.batch.push(event);
      open.length += event.json.length;
      continue;
    }
    const batch = [event];
    current.set(event.type, { batch, length: event.json.length });
    batches.push(batch);
  }
  return batches;
}

/** The body of a message with these events: their texts, unparsed. */
export const batchBody = (events: readonly EncodedEvent[]): Buffer =>
  Buffer.from(`[${events.map(({ json }) => json).join(',')}]`);

/** What is in a message: its events, or whatever else somebody has sent. Parsed JSON, or the text if it is none. */
export function bodiesOf(message: AsyncMessage): unknown[] {
  const body = parsedBody(message);
  return message.contentType === BATCH_CONTENT_TYPE && Array.isArray(body) ? body : [body];
}

/** Of another sender, the client may have parsed the body already. */
function parsedBody({ body }: AsyncMessage): unknown {
  if (!Buffer.isBuffer(body)) return body;
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
