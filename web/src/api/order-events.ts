import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { hasEnded, type OrderRef, orderQuery, type TimelineEntry } from './orders.ts';

/** Every kind of thing that happens to an order; a stream of events is listened to by kind. */
const kinds = [
  'placed',
  'stock_reserved',
  'stock_rejected',
  'reservation_expired',
  'payment_captured',
  'payment_authorized',
  'payment_requires_action',
  'payment_declined',
  'payment_voided',
  'payment_retried',
  'capture_requested',
  'cancel_requested',
  'never_reserved',
  'lines_fulfilled',
  'delivered',
  'goods_returned',
  'refund_booked',
];
const AGAIN_MS = 3_000;

/**
 * The timeline of an order, as it grows. `live` is false while the connection is lost; it is taken up again by itself, after
 * the last event that was seen. The order itself is read anew with each event.
 */
export function useOrderEvents({ id, token }: OrderRef): { entries: readonly TimelineEntry[]; live: boolean } {
  const client = useQueryClient();
  const [entries, setEntries] = useState<readonly TimelineEntry[]>([]);
  const [live, setLive] = useState(false);
  useEffect(() => {
    setEntries([]);
    return follow({ id, token }, setLive, (entry) => {
      setEntries((known) => (known.some(({ version }) => version === entry.version) ? known : [...known, entry]));
      void client.invalidateQueries({ queryKey: orderQuery({ id }).queryKey });
    });
  }, [id, token, client]);
  return { entries, live };
}

function follow(
  { id, token }: OrderRef,
  onLive: (live: boolean) => void,
  onEntry: (entry: TimelineEntry) => void,
): () => void {
  // A stream of events cannot be asked for with a header, so the token is in its address.
  const query = token === undefined ? '' : `?${new URLSearchParams({ token })}`;
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let mayBeOver = false;
  const open = () => {
    source = new EventSource(`/api/v1/orders/${id}/events${query}`);
    source.onopen = () => onLive(true);
    source.onerror = () => {
      // The server has closed the stream of an order to which nothing more can happen. The browser asks again, and 204 stops it.
      if (mayBeOver) return;
      onLive(false);
      // The browser connects again by itself, unless it was refused: then it is for us to.
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_MS);
    };
    const hear = (event: MessageEvent<string>) => {
      const entry: TimelineEntry = JSON.parse(event.data);
      mayBeOver = hasEnded(entry);
      onEntry(entry);
    };
    for (const kind of kinds) source.addEventListener(kind, hear);
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
