import type { LeasedMail } from '../store/mail-leases.ts';

/**
 * Mails that this instance leased when it wrote them, and sends itself: that saves a statement, and a new version of the row, to claim each.
 * When the instance is killed meanwhile, other instances send them once their leases have ended. All other mails that are due (retries,
 * those of other instances, more than there is room for) are found by looking into the database.
 */
export type LeasedMails = {
  /** How many mails may be leased; the rest is written as due. */
  room(): number;
  /** Until when a mail is leased that is written now. */
  leaseFrom(now: Date): Date;
  /** To be called once the transaction has committed that wrote these mails with a lease. */
  add(mails: readonly LeasedMail[]): void;
  /** Takes the next one. One that has waited for too long is left to the end of its lease. */
  next(now: Date): LeasedMail | undefined;
  /** Takes all that is left. */
  takeAll(): LeasedMail[];
  /** There are due mails in the database. */
  lookSoon(): void;
  /** Whether it is time to look for due mails. */
  isTimeToLook(now: Date): boolean;
  /** To be called after a look. */
  looked(now: Date, found: boolean): void;
};

/** `max`: mails that wait; `leaseMs`: of each; `spareMs`: of it, so much may be over before its sending begins; `pollMs`: between two looks. */
export function createLeasedMails(o: { max: number; leaseMs: number; spareMs: number; pollMs: number }): LeasedMails {
  const waiting: LeasedMail[] = [];
  let nextLookAt = 0;
  return {
    room: () => Math.max(0, o.max - waiting.length),
    leaseFrom: (now) => new Date(now.getTime() + o.leaseMs + o.spareMs),
    add: (mails) => void waiting.push(...mails),
    next: (now) => {
      // As each is leased for the same time, those behind one that has waited for too long may still be sent.
      for (let mail = waiting.shift(); mail; mail = waiting.shift()) {
        if (mail.dueAt.getTime() - now.getTime() >= o.leaseMs) return mail;
      }
      return undefined;
    },
    takeAll: () => waiting.splice(0),
    lookSoon: () => {
      nextLookAt = 0;
    },
    isTimeToLook: (now) => now.getTime() >= nextLookAt,
    looked: (now, found) => {
      nextLookAt = found ? 0 : now.getTime() + o.pollMs;
    },
  };
}
