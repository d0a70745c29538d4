import type { Pool } from '@tradepost/postgres/pool';
import type { DecryptText, EncryptText } from '@tradepost/runtime/event-encryption';
import type { Order } from '../domain/order.ts';
import type { OrderChangeNotifier } from './order-change-notifier.ts';

/** What the actions work with; made once in `service.ts`. */
export type Context = {
  pool: Pool;
  now: () => Date;
  /** Called with every order that has changed, after the commit: wakes the requests that wait for it. */
  changed: (orders: readonly Order[]) => void;
  orderChanges: OrderChangeNotifier;
  /** What the ids of guests and the tokens of their orders are made with. */
  guestSecret: () => Promise<Buffer>;
  /** Encrypts in events what only `notification` may read. */
  encryptForMail: EncryptText;
  /** Decrypts the address of a guest who is to be erased. */
  decryptForGuests: DecryptText;
  /** How long an order may wait for its payment by a provider, in milliseconds. */
  payWithinMs: (provider: string) => number;
  /** Of how many minor units every refund of an order is a multiple; 1 where its provider gives back any amount. */
  refundStepOf: (order: Pick<Order, 'paymentProvider' | 'total'>) => number;
  /** Aborted when the service begins to shut down: long answers end then. */
  stopping: AbortSignal;
};
