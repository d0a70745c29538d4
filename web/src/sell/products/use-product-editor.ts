import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { hasCode } from '../../api/problem.ts';
import { toast } from '../../design/toast.tsx';
import { useLeaveWarning } from '../../design/unsaved-changes.ts';
import { type ProductChange, updateProduct } from '../changes.ts';
import { changesBetween, type Draft, draftOf } from '../draft.ts';
import { changeOf } from '../product-body.ts';
import { type Product, productQuery, readProduct } from '../queries.ts';

export type ProductEditor = ReturnType<typeof useProductEditor>;

/** Edits a product from the version that was read. Changes that somebody else saves meanwhile are not overwritten. */
export function useProductEditor(read: Product) {
  const client = useQueryClient();
  const [base, setBase] = useState(read);
  const [draft, setDraft] = useState<Draft>(() => draftOf(read));
  /** The version that somebody else has saved, until the reader has chosen. */
  const [theirs, setTheirs] = useState<Product>();
  const changes = changesBetween(draftOf(base), draft);
  useLeaveWarning(Object.keys(changes).length > 0);

  /** Goes on from this version, with the fields that the reader has changed since `written`. */
  const begin = (product: Product, written: Draft) => {
    setBase(product);
    setDraft((now) => ({ ...draftOf(product), ...changesBetween(written, now) }));
    setTheirs(undefined);
    client.setQueryData(productQuery(product.id).queryKey, product);
  };
  const saving = useSaveProduct({ onSaved: begin, onConflict: setTheirs });
  const save = (from: Product, what: Draft) =>
    saving.mutate({
      from,
      body: () => changeOf(what, from.minPrice.currency),
      written: { ...draftOf(from), ...what },
    });

  return {
    base,
    draft,
    theirs,
    changes,
    saving,
    change: setDraft,
    set: (name: string, text: string) => setDraft((before) => ({ ...before, [name]: text })),
    save,
    /** Takes the product off sale, or puts it back on sale. Unsaved changes stay unsaved. */
    toggleSale: () =>
      saving.mutate({
        from: base,
        body: () => ({ status: base.status === 'archived' ? 'active' : 'archived' }),
        written: draftOf(base),
      }),
    /** Continues from the version that somebody else has saved, with the reader's fields that were chosen. */
    resolve(from: Product, kept: Draft) {
      if (Object.keys(kept).length === 0) return begin(from, draft);
      setBase(from);
      setDraft({ ...draftOf(from), ...kept });
      save(from, kept);
    },
  };
}

/** Saves a change of the version `from`; `written` is the draft as it will be stored. */
function useSaveProduct(o: {
  onSaved: (after: Product, written: Draft) => void;
  /** Called with the version that somebody else has saved meanwhile. */
  onConflict: (theirs: Product) => void;
}) {
  const client = useQueryClient();
  return useMutation({
    // The body is made here, so that an invalid field is reported like one that the API refused.
    mutationFn: ({ from, body }: { from: Product; body: () => ProductChange; written: Draft }) =>
      updateProduct(from, body()),
    onSuccess: (after, { from, written }) => {
      o.onSaved(after, written);
      toast(
        after.status === from.status ? 'Saved' : after.status === 'archived' ? 'Taken off sale' : 'Put back on sale',
      );
      return client.invalidateQueries({ queryKey: ['desk', 'products'] });
    },
    onError: async (error, { from }) => {
      if (hasCode(error, 'version_conflict')) o.onConflict(await readProduct(from.id));
    },
    meta: { part: 'catalogue' },
  });
}
