import { type EventType, eventData } from '@tradepost/contracts/events';
import { eventOwner, topology } from '@tradepost/contracts/topology';

/** An AsyncAPI 3.0 document, as far as we make one. Source: https://www.asyncapi.com/docs/reference/specification/v3.0.0 */
export type AsyncApiDocument = {
  asyncapi: '3.0.0';
  info: { title: string; version: string; description: string };
  defaultContentType: string;
  channels: Record<string, object>;
  operations: Record<string, object>;
  components: { messages: Record<string, object>; schemas: Record<string, object> };
};

/** A word for each type that may stand in a JSON pointer and in an operation's name. */
const keyOf = (type: string) => type.replaceAll(/[^A-Za-z0-9]/g, '_');

/**
 * Describes every event: its channel (the routing key on the exchange), its message, and who sends and receives it.
 * A pure function of the contracts.
 */
export function asyncApiDocument(o: { version: string }): AsyncApiDocument {
  const types = Object.keys(eventData) as EventType[];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Tradepost events',
      version: o.version,
      description:
        'CloudEvents 1.0 in structured JSON, at least once and in any order; `id` is what tells a repetition. ' +
        'Events of one type may come together, as an array (application/cloudevents-batch+json) with the routing key `batch.` and the type. ' +
        'A type may get optional fields, so ignore fields that you do not know; every other change is a new type beside it.',
    },
    defaultContentType: 'application/cloudevents+json',
    channels: Object.fromEntries(types.map((type) => [keyOf(type), channel(type)])),
    operations: Object.fromEntries(types.flatMap(operations)),
    components: {
      messages: Object.fromEntries(types.map((type) => [keyOf(type), message(type)])),
      schemas: Object.fromEntries(types.map((type) => [keyOf(type), eventData[type]])),
    },
  };
}

function channel(type: EventType): object {
  return {
    address: type,
    messages: { event: { $ref: `#/components/messages/${keyOf(type)}` } },
    bindings: { amqp: { is: 'routingKey', exchange: { name: 'tradepost', type: 'topic', durable: true } } },
  };
}

function operations(type: EventType): [string, object][] {
  const reference = {
    channel: { $ref: `#/channels/${keyOf(type)}` },
    messages: [{ $ref: `#/channels/${keyOf(type)}/messages/event` }],
  };
  const sender = eventOwner[type.split('.')[0] ?? ''];
  const receivers = Object.entries(topology).filter(([, { queue = [], broadcast = [] }]) =>
    [...queue, ...broadcast].includes(type),
  );
  return [
    ...(sender ? [operation(sender, 'send', type, reference)] : []),
    ...receivers.map(([service]) => operation(service, 'receive', type, reference)),
  ];
}

function operation(service: string, action: 'send' | 'receive', type: EventType, reference: object): [string, object] {
  const name = `${keyOf(service)}_${action}_${keyOf(type)}`;
  return [name, { action, ...reference, tags: [{ name: service }] }];
}

function message(type: EventType): object {
  return {
    name: type,
    contentType: 'application/cloudevents+json',
    payload: {
      type: 'object',
      required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'data'],
      properties: {
        specversion: { const: '1.0' },
        id: { type: 'string', format: 'uuid', description: 'UUIDv7' },
        source: { type: 'string', description: '`/` and the name of the publishing service' },
        type: { const: type },
        subject: { type: 'string', description: 'The id of the resource' },
        time: { type: 'string', format: 'date-time' },
        datacontenttype: { const: 'application/json' },
        traceparent: { type: 'string', description: 'W3C trace context of the cause' },
        data: { $ref: `#/components/schemas/${keyOf(type)}` },
      },
    },
  };
}
