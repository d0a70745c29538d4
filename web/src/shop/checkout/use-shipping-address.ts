import { useState } from 'react';
import type { SavedAddress } from '../../api/addresses.ts';
import { fieldError } from '../../api/problem.ts';
import { usePaused } from '../../design/use-paused.ts';
import {
  type Address,
  type AddressErrors,
  addressFields,
  addressOf,
  checkAddress,
  type Draft,
  remainingErrors,
} from '../addresses/address.ts';
import type { ChosenAddress } from './shipping-address-choice.tsx';
import { useKeepAddress } from './use-keep-address.ts';

/** The shipping address of a checkout: a saved one, or one that is written, which an account may keep. */
export function useShippingAddress(saved: readonly SavedAddress[], initial: Draft, canKeep: boolean) {
  const [chosen, setChosen] = useState<ChosenAddress>(saved[0]);
  const [draft, setDraft] = useState(initial);
  const [errors, setErrors] = useState<AddressErrors>({});
  const keeping = useKeepAddress();
  /** Looks for what is wrong; answers the name of the first field that is to be corrected. */
  const check = (refusal: string | undefined): string | undefined => {
    const found: AddressErrors = chosen ? {} : checkAddress(draft);
    setErrors(found);
    const first = addressFields.find((field) => found[field] ?? (field === 'country' && refusal));
    return first && chosen ? 'where' : first;
  };
  /** What the choice shows. `refusal` is why nothing is sent there, `error` why the last order was refused. */
  const choice = (refusal: string | undefined, error: unknown) => {
    const remaining = remainingErrors(errors, draft);
    const refused = Object.fromEntries(
      addressFields.map((field) => [field, remaining[field] ?? fieldError(error, `/shippingAddress/${field}`)]),
    );
    const told = { ...refused, ...(refusal && { country: refusal }) };
    return {
      ...{ saved, chosen, onChoose: setChosen, refusal },
      written: {
        ...{ draft, errors: told, onChange: setDraft },
        keeping: canKeep ? { kept: keeping.wanted, onKeep: keeping.want } : undefined,
      },
    };
  };
  return {
    ...useDestination(chosen, draft),
    address: chosen?.address ?? addressOf(draft),
    check,
    choice,
    keep: (address: Address) => {
      if (!chosen) keeping.keep(address);
    },
  };
}

/** Where it goes, as far as the price depends on it. While a region is being typed, it is not asked for with each letter. */
function useDestination(chosen: ChosenAddress, draft: Draft) {
  const paused = usePaused(draft.region);
  const { country, region = '' } = chosen?.address ?? { country: draft.country, region: paused };
  const name = region.trim();
  return {
    country,
    destination: { country, ...(name !== '' && { region: name }) },
    isTyping: !chosen && paused !== draft.region,
  };
}
