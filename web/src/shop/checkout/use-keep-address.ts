import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addressesQuery, saveAddress } from '../../api/addresses.ts';
import { explain } from '../../api/problem.ts';
import { toast } from '../../design/toast.tsx';
import type { Address } from '../addresses/address.ts';

/** Whether the address that is written is to be kept, and what keeps it. The order does not wait for that, nor fail by it. */
export function useKeepAddress() {
  const client = useQueryClient();
  const [wanted, want] = useState(false);
  const [id] = useState(() => crypto.randomUUID());
  const keeping = useMutation({
    mutationFn: saveAddress,
    meta: { part: 'orders' },
    // At once, since whoever orders again at once is to find it. A fetch that began earlier does not know it.
    onMutate: async (saved) => {
      await client.cancelQueries(addressesQuery);
      client.setQueryData(addressesQuery.queryKey, (before) => {
        const items = before?.items ?? [];
        const kept = { ...saved, isDefault: items.length === 0, createdAt: new Date().toISOString() };
        return { items: [...items, kept] };
      });
    },
    onError: (error) => toast(`The order is placed, but the address was not kept. ${explain(error)}`),
    onSettled: () => client.invalidateQueries(addressesQuery),
  });
  const keep = (address: Address) => {
    if (wanted) keeping.mutate({ id, address, isDefault: false });
  };
  return { wanted, want, keep };
}
