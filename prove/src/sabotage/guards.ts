import type { FaultKind } from '../faults/kinds.ts';
import type { Behaviour } from '../workload/workload.ts';

/** Guards that can be switched off, to see that the audit would find out. */
export const guards = {
  inbox: 'a message that is delivered again is handled again',
  outbox: 'events are published after the commit, from memory',
  'conditional-stock': 'stock is read, and written later, without a lock or a condition',
  idempotency: 'the same Idempotency-Key makes another order',
  'payment-key': 'a payment that is asked for again is a new payment',
  confirm: 'an event counts as published once it has been sent, not once the broker has it',
  'lock-reads': 'the lines of an order are read by the statement that waits for the lock, and so from before the wait',
  'cart-close': 'a cart is closed without asking whether its lines are still those that were ordered',
  'webhook-inbox': 'a message of a payment provider that comes again is handled again',
  'mail-inbox': 'a message that is delivered again is written to people again',
  'promotion-lock': 'the uses of a promotion are counted without its lock, and so without those that are being written',
} as const;

export type Guard = keyof typeof guards;

// as: these are the keys of an object of ours.
export const allGuards = Object.keys(guards) as Guard[];

/** What has to go wrong for a guard to matter; none where shoppers alone are enough. */
export const provokedBy: Readonly<Record<Guard, readonly FaultKind[]>> = {
  inbox: ['duplicate'],
  outbox: ['kill'],
  'conditional-stock': [],
  idempotency: ['cut', 'vanish'],
  'payment-key': [],
  confirm: ['vanish'],
  'lock-reads': [],
  'cart-close': [],
  'webhook-inbox': [],
  'mail-inbox': ['duplicate'],
  'promotion-lock': [],
};

/** How shoppers behave where it takes that for a guard to matter. */
export const behaviours: Readonly<Partial<Record<Guard, Partial<Behaviour>>>> = {
  'conditional-stock': { tokens: { ok: 1 }, carts: 0, handled: 0, stockRaceEveryMs: 500 },
  'payment-key': { tokens: { ok: 1, flaky: 1 }, lowStock: 0 },
  'lock-reads': { tokens: { ok: 1 }, lowStock: 0, carts: 0, handled: 1 },
  'cart-close': { tokens: { ok: 1 }, lowStock: 0, carts: 1, handled: 0 },
  'webhook-inbox': { tokens: { ok: 1 }, lowStock: 0, handled: 0 },
  'promotion-lock': { tokens: { ok: 1 }, lowStock: 0, handled: 0, coupons: 0, couponRaceEveryMs: 500 },
};

/** Guards that are switched off in the processes of `order` and `product`; the others are in their databases alone. */
export const guardsInProcesses: ReadonlySet<Guard> = new Set<Guard>([
  'outbox',
  'conditional-stock',
  'idempotency',
  'confirm',
  'lock-reads',
  'cart-close',
]);
