/** The keys of the cached tokens of each account. */
export class AccountIndex {
  readonly #keys = new Map<string, Set<string>>();

  keysOf(accountId: string): Iterable<string> {
    return this.#keys.get(accountId) ?? [];
  }

  add(accountId: string, key: string): void {
    const keys = this.#keys.get(accountId);
    if (keys === undefined) this.#keys.set(accountId, new Set([key]));
    else keys.add(key);
  }

  delete(accountId: string, key: string): void {
    const keys = this.#keys.get(accountId);
    keys?.delete(key);
    if (keys?.size === 0) this.#keys.delete(accountId);
  }

  /** How many accounts it has. */
  get size(): number {
    return this.#keys.size;
  }
}
