import type { Channel } from 'rabbitmq-client';

/** What is used of a channel. */
export type AckChannel = Pick<Channel, 'active' | 'basicAck' | 'basicNack'>;

/** Settles the deliveries of one channel. */
export type Acks = {
  /** A message has been delivered under this tag. */
  open(tag: number): void;
  ack(tag: number): void;
  /** Gives it back to its queue. */
  requeue(tag: number): void;
};

/**
 * Sends acknowledgements together: what is settled in one turn of the event loop goes out as one "up to and including"
 * wherever no older delivery is still open. What a closed channel had open is delivered again by the broker.
 */
export function collectAcks(channel: AckChannel): Acks {
  /** Deliveries that are not settled with the broker, in the order of their tags; true once acknowledged here. */
  const tags = new Map<number, boolean>();
  let scheduled = false;

  function flush(): void {
    scheduled = false;
    if (!channel.active) return;
    let upTo = 0;
    let oldestOpen = false;
    for (const [tag, acked] of tags) {
      if (!acked) {
        oldestOpen = true;
        continue;
      }
      tags.delete(tag);
      if (oldestOpen) channel.basicAck({ deliveryTag: tag });
      else upTo = tag;
    }
    if (upTo > 0) channel.basicAck({ deliveryTag: upTo, multiple: true });
  }

  return {
    open: (tag) => {
      tags.set(tag, false);
    },
    ack: (tag) => {
      if (tags.get(tag) !== false) return;
      tags.set(tag, true);
      if (scheduled) return;
      scheduled = true;
      setImmediate(flush);
    },
    requeue: (tag) => {
      if (tags.get(tag) !== false) return;
      tags.delete(tag);
      if (channel.active) channel.basicNack({ deliveryTag: tag, requeue: true });
    },
  };
}
