import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { hasCode } from '../../api/problem.ts';
import { shopQuery } from '../../api/quotes.ts';

/** What the shop has every shopper confirm: its terms, and an age. */
export function useConfirmations() {
  const { data: shop, refetch } = useQuery(shopQuery);
  const [accepted, setAccepted] = useState(false);
  const [confirmed, setConfirmed] = useState(false);
  const [wasChecked, setWasChecked] = useState(false);
  const terms = shop?.terms ?? null;
  const minimumAge = shop?.minimumAge ?? null;
  const problems = {
    acceptedTerms: terms && !accepted ? 'Accept the terms to place the order' : undefined,
    ageConfirmed: minimumAge !== null && !confirmed ? `The shop sells to people of ${minimumAge} and older` : undefined,
  };
  return {
    sent: {
      ...(terms && accepted && { acceptedTerms: true as const }),
      ...(minimumAge !== null && confirmed && { ageConfirmed: true as const }),
    },
    check(): string | undefined {
      setWasChecked(true);
      return problems.acceptedTerms ? 'acceptedTerms' : problems.ageConfirmed && 'ageConfirmed';
    },
    /** The shop may ask for more than it did when the page was opened: what it asks for is read again. */
    onRefused(error: unknown): void {
      if (hasCode(error, 'confirmation_required')) void refetch();
    },
    fields: {
      terms: terms && {
        url: terms.url,
        checked: accepted,
        onCheck: setAccepted,
        error: wasChecked ? problems.acceptedTerms : undefined,
      },
      age:
        minimumAge === null
          ? null
          : {
              years: minimumAge,
              checked: confirmed,
              onCheck: setConfirmed,
              error: wasChecked ? problems.ageConfirmed : undefined,
            },
    },
  };
}
