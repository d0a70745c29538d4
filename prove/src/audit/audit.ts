import { nothingSoldOfBanned } from './bans.ts';
import { cartLinesAreOrdered, oneOrderPerCart } from './carts.ts';
import { allHandled, announcedOnce, answeredOnce, copyIsTrue, nothingLeft, timelines } from './effects.ts';
import { actionsTookEffect, linesAddUp, statusFollowsLines } from './fulfilment.ts';
import { invoicesAddUp } from './invoices.ts';
import { ledgerBalances } from './ledger.ts';
import { mailsSent } from './mails.ts';
import { charges, keptMoney, refunds } from './money.ts';
import { apiTellsTheSame, oneOrderPerKey, ordersAsWanted, settledOrders } from './orders.ts';
import { pricesAddUp } from './prices.ts';
import { promotionUses } from './promotions.ts';
import { serverErrors } from './server-errors.ts';
import { apiTellsStock, reservationsFollow, stockAddsUp } from './stock.ts';
import type { Expectations, Problem, SystemUnderAudit } from './system-under-audit.ts';

type Check = {
  name: string;
  says: string;
  run: (system: SystemUnderAudit, expectations: Expectations) => Promise<Problem[]>;
};

/** What the auditor looks at, in order. */
export const checks = [
  { name: 'settled', says: 'every order that was accepted is there, and decided', run: settledOrders },
  { name: 'once-per-key', says: 'one key made one order, and nobody asked for another', run: oneOrderPerKey },
  { name: 'as-wanted', says: 'every order holds what was wanted, at the price that was expected', run: ordersAsWanted },
  { name: 'prices', says: 'every order costs its lines and its adjustments, to the cent', run: pricesAddUp },
  {
    name: 'promotions',
    says: 'promotions are used by the orders that have them, and no more often than they may be',
    run: promotionUses,
  },
  { name: 'api', says: 'the API tells of every order what the databases say', run: apiTellsTheSame },
  { name: 'charges', says: 'each order was charged once, to the cent', run: charges },
  { name: 'refunds', says: 'what was given back is what was booked, to the cent', run: refunds },
  { name: 'kept', says: 'what is kept of each order is what its end says', run: keptMoney },
  { name: 'ledger', says: 'the ledger says of all money what the orders and the provider say', run: ledgerBalances },
  {
    name: 'invoices',
    says: 'invoices and credit notes say what orders cost and give back, without a gap',
    run: invoicesAddUp,
  },
  { name: 'stock', says: 'units are those there were, less those sold; none is held or missing', run: stockAddsUp },
  { name: 'api-stock', says: 'the API tells of stock what follows from the orders', run: apiTellsStock },
  {
    name: 'reservations',
    says: 'what is held, sold or let go for an order follows that order',
    run: reservationsFollow,
  },
  {
    name: 'lines',
    says: 'no unit was sent twice, sent and withdrawn, sent of a cancelled order, or returned unsent or twice',
    run: linesAddUp,
  },
  { name: 'status', says: 'the status of an order is what its lines and its money say', run: statusFollowsLines },
  {
    name: 'acknowledged',
    says: 'every parcel, refund, return, cancellation and delivery that was acknowledged took effect once',
    run: actionsTookEffect,
  },
  { name: 'carts', says: 'every acknowledged line of a cart is in its order', run: cartLinesAreOrdered },
  {
    name: 'once-per-cart',
    says: 'a cart became one order, and a declined one could be tried again',
    run: oneOrderPerCart,
  },
  { name: 'bans', says: 'nothing of a banned seller was sold', run: nothingSoldOfBanned },
  {
    name: 'errors',
    says: 'no 5xx but a 503 that says when to try again, except while a fault hid what happened',
    run: serverErrors,
  },
  { name: 'timelines', says: 'every step of every order was taken once', run: timelines },
  { name: 'announced', says: 'every step was published once, and nothing else', run: announcedOnce },
  { name: 'answered', says: 'no event was acted upon twice', run: answeredOnce },
  { name: 'handled', says: 'every event was handled by everybody whom it was for', run: allHandled },
  { name: 'mails', says: 'every mail that is due was sent, once unless an answer was lost', run: mailsSent },
  { name: 'nothing-left', says: 'outboxes and queues are empty, and nothing was given up', run: nothingLeft },
  { name: 'copy', says: 'the copy that orders are priced from is the catalogue', run: copyIsTrue },
] as const satisfies readonly Check[];

export type CheckName = (typeof checks)[number]['name'];

/** What one check came to. */
export type Finding = { check: CheckName; says: string; problems: Problem[] };

/** Compares the system with what was expected of it; a check that cannot be made counts as a problem. */
export async function audit(
  system: SystemUnderAudit,
  expectations: Expectations,
  only?: readonly CheckName[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, says, run } of checks) {
    if (only && !only.includes(name)) continue;
    const problems = await run(system, expectations).catch((err: unknown): Problem[] => [
      {
        kind: 'mismatched',
        subject: name,
        what: `the check could not be made: ${err instanceof Error ? err.message : String(err)}`,
      },
    ]);
    findings.push({ check: name, says, problems });
  }
  return findings;
}
