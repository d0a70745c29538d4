import type { EventData, EventType } from './events.ts';

/**
 * One event as it travels: CloudEvents 1.0 in structured JSON mode, with the distributed-tracing extension.
 * Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export type CloudEvent<T extends EventType = EventType> = {
  [K in T]: {
    specversion: '1.0';
    /** UUIDv7; the key of every inbox. */
    id: string;
    /** `/` and the name of the service that wrote it. */
    source: string;
    type: K;
    /** The id of the order, product or account that it is about. */
    subject: string;
    /** RFC 3339, UTC: when it was written. */
    time: string;
    datacontenttype: 'application/json';
    /** W3C trace context, of the request or message that caused it. */
    traceparent?: string;
    data: EventData<K>;
  };
}[T];
