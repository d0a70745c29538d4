import type { Random } from '../random.ts';
import { answerBank, cancel, checkPayment, pay } from './order-requests.ts';
import { chooseWeighted, type PlacedOrder, untilDecided, type Workload, wait } from './workload.ts';

/** What customers do when their bank asks them, by weight. */
const atTheBank = {
  /** Confirm, and come back to the shop. */
  confirm: 50,
  /** Confirm, and close the page. */
  vanish: 12,
  /** Refuse, and pay by another card. */
  refuse: 14,
  /** Pay by another card in another tab, at the moment at which they confirm. */
  both: 12,
  /** Pay by another card without an answer to the bank. */
  another: 6,
  /** Nothing at all. */
  leave: 6,
};

/** What customers do whose card was declined, by weight. */
const afterDecline = {
  /** Pay by another card. */
  another: 55,
  /** Two cards at once, as two clicks send them. */
  both: 15,
  /** Go back to the cart while the other card is tried. */
  cancel: 15,
  /** Nothing at all. */
  leave: 15,
};

/** A customer does what the payment needs, or does not, or does two things at once. */
export async function finishPayment(o: Workload, random: Random, placed: PlacedOrder): Promise<void> {
  const decided = await untilDecided(o, placed);
  const payment = decided?.body.payment;
  if (decided?.body.status !== 'awaiting_payment') return;
  if (payment.status === 'declined') await payAgain(o, random, placed);
  const redirectUrl: unknown = payment.action?.redirectUrl;
  if (typeof redirectUrl === 'string') await visitBank(o, random, placed, redirectUrl);
}

async function payAgain(o: Workload, random: Random, placed: PlacedOrder): Promise<void> {
  switch (chooseWeighted(afterDecline, random)) {
    case 'another':
      return pay(o, placed, random.chance(0.8) ? 'ok' : 'flaky');
    case 'both':
      await Promise.all([pay(o, placed, 'ok'), pay(o, placed, random.chance(0.5) ? 'ok' : 'declined')]);
      return;
    case 'cancel':
      await Promise.all([cancel(o, placed), pay(o, placed, 'ok')]);
      return;
    default:
      return;
  }
}

async function visitBank(o: Workload, random: Random, placed: PlacedOrder, redirectUrl: string): Promise<void> {
  await wait(o, random.int(0, 500));
  switch (chooseWeighted(atTheBank, random)) {
    case 'confirm':
      await answerBank(o, redirectUrl, true);
      return checkPayment(o, placed);
    case 'vanish':
      return answerBank(o, redirectUrl, true);
    case 'refuse':
      await answerBank(o, redirectUrl, false);
      await checkPayment(o, placed);
      return pay(o, placed, 'ok');
    case 'both':
      await Promise.all([answerBank(o, redirectUrl, true), pay(o, placed, 'ok')]);
      return;
    case 'another':
      return pay(o, placed, 'ok');
    default:
      return;
  }
}
