/** A request that waits for its turn, or has it. */
export type Turn = {
  /** The request is over, or its client has left: the next one begins. */
  end(): void;
};

/**
 * Lets each client have one large body under way at a time, in the order of their arrival: a service that works on many at once has no time for
 * others. Requests that do not ask for a turn do not wait.
 */
export class ClientTurns {
  readonly #maxWaiting: number;
  /** The beginnings of the requests that wait, by client; an entry without any is a client with one under way. */
  readonly #waiting = new Map<string, Set<() => void>>();

  /** At most `maxWaiting` requests of one client wait. */
  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  /** Calls `begin`, at once or when it is the turn of this request. Undefined: too many of this client wait already. */
  enter(client: string, begin: () => void): Turn | undefined {
    const waiting = this.#waiting.get(client);
    if (waiting === undefined) {
      this.#waiting.set(client, new Set());
      begin();
      return this.#turn(client, begin);
    }
    if (waiting.size >= this.#maxWaiting) return undefined;
    waiting.add(begin);
    return this.#turn(client, begin);
  }

  #turn(client: string, begin: () => void): Turn {
    let isOver = false;
    return {
      end: () => {
        if (isOver) return;
        isOver = true;
        const waiting = this.#waiting.get(client);
        if (waiting?.delete(begin)) return;
        const [next] = waiting ?? [];
        if (next === undefined) this.#waiting.delete(client);
        else {
          waiting?.delete(next);
          next();
        }
      },
    };
  }

  /** Clients with such a request under way. */
  get size(): number {
    return this.#waiting.size;
  }
}
