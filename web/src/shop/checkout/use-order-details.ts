import type { Address } from '../addresses/address.ts';
import { type BilledTo, useBilling } from './use-billing.ts';
import { useConfirmations } from './use-confirmations.ts';
import { useNotes } from './use-notes.ts';
import type { useQuote } from './use-quote.ts';

/** What an order says beside what is sent where, as the API takes it. */
export type OrderDetails = {
  billingAddress?: Address;
  company?: string;
  vatId?: string;
  note?: string;
  giftNote?: string;
  acceptedTerms?: true;
  ageConfirmed?: true;
};

/** What a shopper tells beside address, shipping and payment: who is billed, notes, and what the shop has confirmed. */
export function useOrderDetails(before: BilledTo) {
  const billing = useBilling(before);
  const notes = useNotes();
  const confirmations = useConfirmations();
  return {
    isTyping: billing.isTyping,
    quoted: billing.quoted,
    sent: { ...billing.sent, ...notes.sent, ...confirmations.sent } satisfies OrderDetails,
    /** Looks for what is wrong; answers the name of the first field that is to be corrected. */
    check: (quoteError: unknown): string | undefined =>
      [billing.check(quoteError), notes.check(), confirmations.check()].find((field) => field !== undefined),
    onRefused: confirmations.onRefused,
    /** What the fields show. `error` is why the last order was refused. */
    fields: (quote: ReturnType<typeof useQuote>, error: unknown) => ({
      billing: billing.fields(quote, error),
      notes: notes.fields(error),
      confirmations: confirmations.fields,
    }),
  };
}
