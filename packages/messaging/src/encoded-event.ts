import type { CloudEvent } from '@tradepost/contracts/cloud-event';

/** An event as it goes over the wire: its JSON, which nobody parses on the way, and what a transport needs to know of it. */
export type EncodedEvent = {
  id: string;
  type: string;
  json: string;
};

/** How an event begins that was written by `newEvent`: reading these two needs no parser. */
const WRITTEN_BY_US = /^\{"specversion":"1\.0","id":"([\w.-]{1,255})","source":"[^"\\]*","type":"([\w.-]{1,255})"[,}]/;

/** AMQP's short strings have 255 bytes. */
const NAME = /^[\w.-]{1,255}$/;

export function encodeEvent(event: CloudEvent): EncodedEvent {
  return { id: event.id, type: event.type, json: JSON.stringify(event) };
}

/**
 * Reads id and type of the JSON of an event. Undefined if it has none that a transport can use. The rest is checked on receipt.
 */
export function readEncodedEvent(json: string): EncodedEvent | undefined {
  const [, id, type] = WRITTEN_BY_US.exec(json) ?? [];
  if (id !== undefined && type !== undefined) return { id, type, json };
  const event: unknown = JSON.parse(json);
  if (typeof event !== 'object' || event === null || !('id' in event) || !('type' in event)) return undefined;
  return isName(event.id) && isName(event.type) ? { id: event.id, type: event.type, json } : undefined;
}

const isName = (value: unknown): value is string => typeof value === 'string' && NAME.test(value);
