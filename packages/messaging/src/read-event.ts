import { createHash } from 'node:crypto';
import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { type EventType, eventData } from '@tradepost/contracts/events';
import { Id, Time } from '@tradepost/contracts/shapes';
import { Type } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';

/** A message that is no event this version knows; `reason` says what is wrong with it. */
export type UnreadableEvent = { id: string; type: string; reason: string };

/** Tells what a message is: a valid event of a known type, or what is wrong with it. */
export type EventReader = (body: unknown) => { event: CloudEvent } | { unreadable: UnreadableEvent };

/** CloudEvents 1.0 as `cloud-event.ts` has it; other attributes (extensions) are none of our business. */
const Envelope = Type.Object({
  specversion: Type.Literal('1.0'),
  id: Id,
  source: Type.String({ minLength: 1 }),
  type: Type.String({ minLength: 1 }),
  subject: Type.String({ minLength: 1 }),
  time: Time,
  datacontenttype: Type.Literal('application/json'),
  traceparent: Type.Optional(Type.String()),
  data: Type.Unknown(),
});

/** Errors that are named; of a thousand bad lines the first few tell enough. */
const MAX_ERRORS = 5;

/** Makes a reader; validators are compiled when a type is first met. */
export function createEventReader(): EventReader {
  const envelope = Compile(Envelope);
  const validators = new Map<EventType, Validator>();
  const validatorOf = (type: EventType): Validator => {
    const known = validators.get(type);
    if (known) return known;
    const compiled: Validator = Compile(eventData[type]);
    validators.set(type, compiled);
    return compiled;
  };
  return (body) => {
    if (!envelope.Check(body)) return unreadable(body, `Not a valid event: ${explain(envelope, body)}`);
    if (!isEventType(body.type)) return unreadable(body, `Unknown event type ${body.type}`);
    const validator = validatorOf(body.type);
    if (!validator.Check(body.data)) return unreadable(body, `Invalid data: ${explain(validator, body.data)}`);
    // Type and data have been found to belong together, which is what the union says.
    return { event: body as CloudEvent };
  };
}

/** True for the name of a type in `events.ts`. */
function isEventType(type: string): type is EventType {
  return Object.hasOwn(eventData, type);
}

function explain(validator: Pick<Validator, 'Errors'>, value: unknown): string {
  if (typeof value === 'string') return 'not JSON, or not an object';
  const errors = validator.Errors(value).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  const more = errors.length > MAX_ERRORS ? `, and ${errors.length - MAX_ERRORS} more` : '';
  return errors.slice(0, MAX_ERRORS).join(', ') + more;
}

function unreadable(body: unknown, reason: string): { unreadable: UnreadableEvent } {
  const { id, type } = typeof body === 'object' && body !== null ? (body as { id?: unknown; type?: unknown }) : {};
  return {
    unreadable: {
      id: typeof id === 'string' && UUID.test(id) ? id : idOfText(JSON.stringify(body) ?? ''),
      type: typeof type === 'string' ? type.slice(0, 255) : 'unknown',
      reason,
    },
  };
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** A UUID version 8 made from the text, so that a message without an id is dead-lettered once however often it comes. */
function idOfText(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
