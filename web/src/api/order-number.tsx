import { useQuery } from '@tanstack/react-query';
import { orderQuery } from './orders.ts';

/** The number of an order of which only the id is known; until it is known, and for those who may not see it, `order`. */
export function OrderNumber({ id }: { id: string }) {
  const { data } = useQuery({ ...orderQuery({ id }), staleTime: Number.POSITIVE_INFINITY, retry: false });
  return data ? data.number : 'order';
}
