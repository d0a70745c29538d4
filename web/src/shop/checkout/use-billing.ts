import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Order } from '../../api/orders.ts';
import { fieldError, hasCode } from '../../api/problem.ts';
import { type Quote, shopQuery } from '../../api/quotes.ts';
import {
  type AddressErrors,
  addressFields,
  addressOf,
  checkAddress,
  draftOf,
  emptyDraft,
  remainingErrors,
} from '../addresses/address.ts';
import { addressFieldName } from '../addresses/address-form.tsx';
import type { useQuote } from './use-quote.ts';

/** Who an order was billed to. */
export type BilledTo = Pick<Partial<Order>, 'billingAddress' | 'company' | 'vatId'>;

const draftFor = ({ billingAddress, company, vatId }: BilledTo) => ({
  differs: billingAddress !== undefined,
  address: billingAddress ? draftOf(billingAddress) : emptyDraft,
  isCompany: company !== undefined || vatId !== undefined,
  company: company ?? '',
  vatId: vatId?.value ?? '',
});
export type BillingDraft = ReturnType<typeof draftFor>;

/** Who is billed: another address than the shipping address, and a company with its VAT id. */
export function useBilling(before: BilledTo) {
  const [draft, setDraft] = useState(() => draftFor(before));
  const [errors, setErrors] = useState<AddressErrors>({});
  // The total depends on the VAT id: it is asked for once it has been written, not with each letter.
  const [quotedVatId, setQuotedVatId] = useState(draft.vatId);
  const { data: shop } = useQuery(shopQuery);
  const vatId = draft.isCompany ? draft.vatId.trim() : '';
  const quoted = draft.isCompany ? quotedVatId.trim() : '';
  const isTyping = vatId !== quoted;
  const company = draft.isCompany ? draft.company.trim() : '';
  return {
    isTyping,
    quoted: quoted === '' ? {} : { vatId: quoted },
    sent: {
      ...(draft.differs && { billingAddress: addressOf({ ...draft.address, phone: '' }) }),
      ...(company !== '' && { company }),
      ...(vatId !== '' && { vatId }),
    },
    check(quoteError: unknown): string | undefined {
      const found = draft.differs ? checkAddress(draft.address) : {};
      setErrors(found);
      const first = addressFields.find((field) => found[field]);
      if (first) return addressFieldName('billing', first);
      return !isTyping && hasCode(quoteError, 'vat_id_not_valid') ? 'vatId' : undefined;
    },
    fields({ error: quoteError, shown, isCalculating }: ReturnType<typeof useQuote>, error: unknown) {
      const remaining = remainingErrors(errors, draft.address);
      const refused = addressFields.map((field) => [
        field,
        remaining[field] ?? fieldError(error, `/billingAddress/${field}`),
      ]);
      return {
        draft,
        onChange: (changes: Partial<BillingDraft>) => setDraft((last) => ({ ...last, ...changes })),
        onVatIdWritten: () => setQuotedVatId(draft.vatId),
        errors: {
          address: Object.fromEntries(refused) as AddressErrors,
          company: fieldError(error, '/company'),
          vatId: isTyping ? undefined : (fieldError(quoteError, '/vatId') ?? fieldError(error, '/vatId')),
        },
        answer: isTyping || isCalculating || quoteError ? '' : vatIdAnswer(shown, shop?.reverseCharge ?? false),
      };
    },
  };
}

/** What the shop says to a VAT id, in words. */
function vatIdAnswer(quote: Quote | undefined, usesReverseCharge: boolean): string {
  if (!quote?.vatId || !usesReverseCharge) return '';
  const { status, reverseCharge } = quote.vatId;
  if (reverseCharge) return 'VAT id accepted: no VAT is charged.';
  if (status === 'valid') return 'The VAT id is valid. VAT is charged for this destination all the same.';
  if (status === 'invalid') return 'This VAT id is not registered, so VAT is charged.';
  return 'The VAT id could not be checked at the moment, so VAT is charged.';
}
