import { readEmailAddress } from '@tradepost/contracts/email-address';
import { useState } from 'react';
import { fieldError } from '../../api/problem.ts';

/** The e-mail address of a guest, as it is being written. `initial` is undefined for an account, which is not asked. */
export function useGuestEmail(initial: string | undefined) {
  const [draft, setDraft] = useState(initial ?? '');
  const [isChecked, setChecked] = useState(false);
  const isAsked = initial !== undefined;
  const problem =
    isAsked && 'message' in readEmailAddress(draft) ? 'Enter an e-mail address such as ada@example.com' : undefined;
  const email = draft.trim();
  return {
    email: isAsked ? email : undefined,
    /** Looks for what is wrong; answers the name of the field if it is to be corrected. */
    check(): string | undefined {
      setChecked(true);
      return problem && 'email';
    },
    /** What the field shows; undefined where it is not shown. `error` is why the last order was refused. */
    field: (error: unknown) =>
      isAsked
        ? { email: draft, error: (isChecked ? problem : undefined) ?? fieldError(error, '/email'), onChange: setDraft }
        : undefined,
  };
}
