import type { ProblemError } from '@tradepost/contracts/problem-error';
import type { PaymentProviders } from '../payments/provider.ts';
import { fieldProblem } from './field-problem.ts';

/** A means of payment, as a client names it. */
export type PaymentChoice = { provider: string; token: string };

/** Why a means of payment cannot be used, or null. `parent` is the JSON pointer of the choice in the body. */
export function problemOfChoice(
  offered: PaymentProviders,
  { provider: name, token }: PaymentChoice,
  parent: string,
): ProblemError | null {
  const provider = offered.get(name);
  if (!provider) {
    const known = [...offered.keys()].join(', ');
    return fieldProblem('unknown_payment_provider', `${name} is none of: ${known}`, `${parent}/provider`);
  }
  const problem = provider.tokenProblem(token);
  return problem === null ? null : fieldProblem('payment_token_refused', problem, `${parent}/token`);
}
