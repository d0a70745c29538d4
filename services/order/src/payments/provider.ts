import type { Money } from '@tradepost/contracts/money';

/**
 * What `order` asks of a payment provider. Every call carries a key, and the same key never moves money twice, however
 * often it is asked. A call that throws, or takes too long, has an unknown outcome: it is asked again, never guessed.
 */
export type PaymentProvider = {
  name: string;
  /** Why a token cannot be one of this provider's, or null. Looks at its form only: no call, no charge. */
  tokenProblem(token: string): string | null;
  /** Takes the money, or says that it was declined. */
  charge(request: { key: string; token: string; amount: Money }, signal: AbortSignal): Promise<ChargeOutcome>;
  /** Promises that nothing will be taken under this key any more, or says that it was taken already. */
  voidCharge(key: string, signal: AbortSignal): Promise<'voided' | 'captured' | 'declined'>;
  /** Gives back a part of a charge. */
  refund(request: { key: string; chargeKey: string; amount: Money }, signal: AbortSignal): Promise<void>;
};

export type ChargeOutcome = { status: 'captured' } | { status: 'declined'; reason: string };

/** The providers that a deployment has, by name. */
export type PaymentProviders = ReadonlyMap<string, PaymentProvider>;
