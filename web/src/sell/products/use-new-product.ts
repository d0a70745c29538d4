import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { toast } from '../../design/toast.tsx';
import { leaveSaved, useLeaveWarning } from '../../design/unsaved-changes.ts';
import { createProduct, newKey } from '../changes.ts';
import type { Draft } from '../draft.ts';
import { newProductOf } from '../product-body.ts';

const blank: Draft = { title: '', description: '', categories: '', media: '[]' };

/** Creates a product. The idempotency key belongs to the draft, so that a request that is sent twice creates one product. */
export function useNewProduct() {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [key, setKey] = useState(newKey);
  const [currency, setCurrency] = useState<string>('EUR');
  const [draft, setDraft] = useState<Draft>(blank);
  const publishing = useMutation({
    mutationFn: () => createProduct({ body: newProductOf(draft, currency), key }),
    onSuccess: async (product) => {
      await client.invalidateQueries({ queryKey: ['desk', 'products'] });
      toast('Published');
      leaveSaved(() => navigate(`/sell/products/${product.id}`));
    },
    meta: { part: 'catalogue' },
  });
  useLeaveWarning(draft !== blank && !publishing.isSuccess);
  const change = (next: (before: Draft) => Draft) => {
    setDraft(next);
    // A changed draft is another product than the one that an earlier attempt may have created.
    setKey(newKey());
  };
  return { draft, currency, setCurrency, change, publishing };
}
