import { type OrderStatus, statusWords } from '../api/orders.ts';
import { Badge } from '../design/notice.tsx';

/** The state of an order by its own name, as it stands in the API and in the messages. */
export const StatusBadge = ({ status }: { status: OrderStatus }) => (
  <Badge tone={statusWords[status].tone}>{status}</Badge>
);
