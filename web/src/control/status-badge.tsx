import { type OrderStatus, statusWords } from '../api/orders.ts';
import { Badge } from '../design/notice.tsx';

/** The status of an order, by its name in the API and in the events. */
export const StatusBadge = ({ status }: { status: OrderStatus }) => (
  <Badge tone={statusWords[status].tone}>{status}</Badge>
);
