import { Revocations } from '@tradepost/contracts/revocations';
import { Value } from 'typebox/value';

export type RevocationListOptions = {
  /** The list of `auth`, as JSON. Throws when `auth` does not answer. */
  fetch(): Promise<string>;
  /** Called for each session or key whose tokens must be refused from now on. */
  revoke(one: { sessionId: string; accountId: string; revokedAt: number }): void;
};

/** How often the list is read although no event seems to be missing. */
const EVERY_MS = 60_000;

/**
 * Reads which sessions and API keys were revoked in the last hour. Events tell a running gateway within milliseconds; this list
 * gives one that has just started, or was without its broker, the events that it missed.
 */
export class RevocationList {
  readonly #options: RevocationListOptions;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(options: RevocationListOptions) {
    this.#options = options;
  }

  /** Events may have been missed: the list is read the next time. */
  expire(): void {
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  /** Reads the list when it is due. Throws, and is due again, when it cannot be read. */
  async refresh(now: number): Promise<void> {
    if (now - this.#readAt < EVERY_MS) return;
    const list: unknown = JSON.parse(await this.#options.fetch());
    if (!Value.Check(Revocations, list)) throw new TypeError('auth answered something else than a list of revocations');
    for (const { revokedAt, ...one } of list.items) this.#options.revoke({ ...one, revokedAt: Date.parse(revokedAt) });
    this.#readAt = now;
  }
}
