import type { Channel } from 'rabbitmq-client';
import type { RabbitTopology } from './rabbit-topology.ts';

/** Knows for which types batches are consumed. */
export type BatchConsumers = {
  /**
   * The types of which every listening service has a consumer of batches. Empty where that is not known, as after a lull; asks the
   * broker then, over this channel, for the next time.
   */
  acceptedTypes(channel: Channel): ReadonlySet<string>;
};

const NONE: ReadonlySet<string> = new Set();

/** The broker is asked again after this long, while events are published. */
const REFRESH_MS = 5000;
/** An answer that is older counts for nothing. */
const VALID_MS = 10_000;

/**
 * Asks the broker which services have a consumer on their queue of batches. Versions from before batches consume single events
 * only. While no other version of a service runs, it is sent single events, which every version takes.
 */
export function watchBatchConsumers({ queues, batched }: RabbitTopology): BatchConsumers {
  let accepted = NONE;
  let answeredAt = Number.NEGATIVE_INFINITY;
  let isAsking = false;

  async function ask(channel: Channel): Promise<void> {
    isAsking = true;
    try {
      await countConsumers(channel);
    } catch {
      // The channel reports its own errors. Without an answer the one before grows old.
    }
    isAsking = false;
  }

  async function countConsumers(channel: Channel): Promise<void> {
    const deaf = new Set<string>();
    for (const { batchName, types } of queues) {
      const { consumerCount } = await channel.queueDeclare({ queue: batchName, passive: true });
      if (consumerCount === 0) for (const type of types) deaf.add(type);
    }
    accepted = new Set<string>([...batched].filter((type) => !deaf.has(type)));
    answeredAt = performance.now();
  }

  return {
    acceptedTypes: (channel) => {
      const age = performance.now() - answeredAt;
      if (age > REFRESH_MS && !isAsking) void ask(channel);
      return age < VALID_MS ? accepted : NONE;
    },
  };
}
