/** How a message, or one event of it, is settled. */
export type Settlement = { ack(): void; requeue(): void };

/**
 * Settles each event of a message by itself. The message is acknowledged when all its events are, and goes back when all are settled
 * and one of them is to come again. Then all of them come again: the inbox knows those that have taken effect.
 */
export function settleApart(message: Settlement, events: number): Settlement[] {
  let open = events;
  let comesAgain = false;
  const settled = (requeue: boolean) => {
    comesAgain ||= requeue;
    open--;
    if (open > 0) return;
    if (comesAgain) message.requeue();
    else message.ack();
  };
  return Array.from({ length: events }, () => {
    let isOpen = true;
    const settle = (requeue: boolean) => {
      if (!isOpen) return;
      isOpen = false;
      settled(requeue);
    };
    return { ack: () => settle(false), requeue: () => settle(true) };
  });
}
