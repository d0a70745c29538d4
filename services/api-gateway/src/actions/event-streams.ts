import { ProblemError } from '@tradepost/contracts/problem-error';

/** Whose stream it is; `key` is what is counted: the account, or the address of a client that is not known. */
export type StreamOwner = { key: string; accountId?: string | undefined; sessionId?: string | undefined };

/** A stream of events through this gateway, from the request for it on. */
export type OpenStream = {
  /** Called once the answer has begun: `end` ends it. Ends it at once where it was to end meanwhile. */
  begin(end: () => void): void;
  /** Frees its place. May be called again. */
  close(): void;
};

type Entry = { owner: StreamOwner; isEnded: boolean; end: (() => void) | undefined };

/**
 * The streams of server-sent events that are open through this gateway. They are not requests in flight, so they have
 * bounds of their own: per account, so that one client leaves room for others, and in all, for the memory that each takes.
 * A stream ends when its session or its account does: what was allowed when it was opened is not allowed for ever.
 */
export class EventStreams {
  readonly #perOwner: number;
  readonly #max: number;
  readonly #open = new Set<Entry>();
  readonly #counts = new Map<string, number>();

  constructor(o: { perOwner: number; max: number }) {
    this.#perOwner = o.perOwner;
    this.#max = o.max;
  }

  /** Takes a place for a stream. Throws `rate_limited` or `overloaded` when there is none. */
  open(owner: StreamOwner): OpenStream {
    const count = this.#counts.get(owner.key) ?? 0;
    if (count >= this.#perOwner) {
      const detail = `An account may have ${this.#perOwner} event streams open at a time; close one first`;
      throw new ProblemError('rate_limited', detail, { retryAfter: 5 });
    }
    if (this.#open.size >= this.#max) {
      throw new ProblemError('overloaded', 'Too many event streams are open at the moment', { retryAfter: 5 });
    }
    const entry: Entry = { owner, isEnded: false, end: undefined };
    this.#open.add(entry);
    this.#counts.set(owner.key, count + 1);
    return {
      begin(end) {
        entry.end = end;
        if (entry.isEnded) end();
      },
      close: () => this.#remove(entry),
    };
  }

  /** Ends the streams that a session or an API key opened. */
  sessionRevoked(sessionId: string): void {
    this.#endWhere((owner) => owner.sessionId === sessionId);
  }

  /** Ends the streams of an account; clients that are still allowed connect again by themselves. */
  accountChanged(accountId: string): void {
    this.#endWhere((owner) => owner.accountId === accountId);
  }

  /** Ends the streams of all accounts, where events may have been missed that say which of them have changed. */
  anyAccountChanged(): void {
    this.#endWhere(({ accountId }) => accountId !== undefined);
  }

  get size(): number {
    return this.#open.size;
  }

  #endWhere(matches: (owner: StreamOwner) => boolean): void {
    for (const entry of this.#open) {
      if (!matches(entry.owner) || entry.isEnded) continue;
      entry.isEnded = true;
      entry.end?.();
    }
  }

  #remove(entry: Entry): void {
    if (!this.#open.delete(entry)) return;
    const { key } = entry.owner;
    const left = (this.#counts.get(key) ?? 1) - 1;
    if (left === 0) this.#counts.delete(key);
    else this.#counts.set(key, left);
  }
}
