import { ProblemError } from '@tradepost/contracts/problem-error';
import { UNSETTLED_SALES_PATH, UnsettledSales } from '@tradepost/contracts/unsettled-sales';
import { Compile } from 'typebox/compile';

/** How many orders hold goods of a seller that are to be sent, or money that is to be given back. */
export type CountUnsettledSales = (sellerId: string) => Promise<number>;

const TIMEOUT_MS = 3_000;
const answer = Compile(UnsettledSales);

/** Asks `order`. Throws `unavailable` where it does not answer, or nobody has said where it is: then nothing of a seller is erased. */
export function unsettledSalesFrom(orderUrl: () => string | undefined): CountUnsettledSales {
  return async (sellerId) => {
    try {
      const base = orderUrl();
      if (base === undefined) throw new Error('ORDER_URL is not set');
      const url = `${base.replace(/\/$/, '')}${UNSETTLED_SALES_PATH}?${new URLSearchParams({ sellerId })}`;
      const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      const body: unknown = await response.json();
      if (!response.ok || !answer.Check(body)) throw new Error(`order answered ${response.status}`);
      return body.orders;
    } catch (cause) {
      throw new ProblemError('unavailable', 'It is not known whether the sales of the account are settled', {
        retryAfter: 5,
        cause,
      });
    }
  };
}
