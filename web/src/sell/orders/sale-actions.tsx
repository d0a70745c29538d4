import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Order } from '../../api/orders.ts';
import { useSellerMay } from '../../api/permissions.ts';
import { explain } from '../../api/problem.ts';
import { Button, LinkButton } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import { deliverOrder } from '../changes.ts';
import { FulfilButton, FulfilDialog } from './fulfil-dialog.tsx';
import { RefundDialog } from './refund-dialog.tsx';
import { ReturnDialog } from './return-dialog.tsx';
import { isToSend, returnableUnits } from './units.ts';

const refundable = new Set<Order['status']>(['confirmed', 'fulfilled', 'delivered']);

/** What can be done with an order in its present state. */
export function SaleActions({ order }: { order: Order }) {
  const may = useSellerMay();
  const [isSending, setSending] = useState(false);
  const isRefundable =
    refundable.has(order.status) && order.lines.some(({ quantity, refunded }) => refunded < quantity);
  const isReturnable = order.lines.some((line) => returnableUnits(line) > 0);
  return (
    <>
      {isToSend(order) && may('orders:write') && <FulfilButton order={order} primary onOpen={() => setSending(true)} />}
      <FulfilDialog order={isSending ? order : undefined} onDone={() => setSending(false)} />
      {isToSend(order) && <LinkButton href={`/sell/orders/${order.id}/packing-slip`}>Packing slip</LinkButton>}
      {order.status === 'fulfilled' && may('orders:write') && <Deliver order={order} />}
      <ReturnDialog
        order={order}
        mayRefund={isRefundable && may('refunds:write')}
        offered={isReturnable && may('orders:write')}
      />
      <RefundDialog order={order} offered={isRefundable && may('refunds:write')} />
    </>
  );
}

/** Marking an order as delivered twice has no further effect, so there is no confirmation. */
function Deliver({ order }: { order: Order }) {
  const client = useQueryClient();
  const delivering = useMutation({
    mutationFn: () => deliverOrder(order.id),
    onSuccess: async () => {
      toast('Marked as delivered');
      await client.invalidateQueries({ queryKey: ['desk'] });
    },
    meta: { part: 'orders' },
  });
  return (
    <>
      <Button kind="primary" busy={delivering.isPending} onClick={() => delivering.mutate()}>
        Mark as delivered
      </Button>
      {delivering.error && <Notice tone="bad">{explain(delivering.error)}</Notice>}
    </>
  );
}
