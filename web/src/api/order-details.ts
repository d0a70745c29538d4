import { addressLines } from './addresses.ts';
import type { Order } from './orders.ts';

/** Who is billed, line by line; nothing where that is who it is sent to. */
export function billingLines({ company, billingAddress, vatId }: Order): string[] {
  return [
    ...(company === undefined ? [] : [company]),
    ...(billingAddress ? addressLines(billingAddress) : []),
    ...(vatId
      ? [`VAT id ${vatId.value}${vatIdStates[vatId.status]}${vatId.reverseCharge ? ', reverse charge' : ''}`]
      : []),
  ];
}

const vatIdStates = { valid: ', checked', invalid: ', not registered', unchecked: '' } as const;
