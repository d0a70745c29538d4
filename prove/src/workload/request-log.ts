/** What shoppers, sellers and operators ask for. */
export const requestKinds = [
  'list',
  'product',
  'quote',
  'order',
  'cart',
  'setLine',
  'merge',
  'checkout',
  'follow',
  'challenge',
  'pay',
  'capture',
  'cancel',
  'fulfil',
  'refund',
  'return',
  'deliver',
  'change',
  'ban',
  'session',
  'signIn',
] as const;
export type RequestKind = (typeof requestKinds)[number];

/** One request with all its attempts. Times are milliseconds from the beginning of the load. */
export type Sample = {
  kind: RequestKind;
  startedMs: number;
  /** Until the response that counted, or until the client gave up. */
  tookMs: number;
  attempts: number;
  /** Whether the very first attempt was answered. */
  answeredAtOnce: boolean;
  /** Whether it was answered in the end. */
  answered: boolean;
  /** Why the first attempt failed: the status of its response, or the error; and until when it was under way. */
  firstFailure?: { reason: string; endedMs: number };
};

/**
 * What the client knows of a request that changes something. `unknown`: no response ever came, so that it may have
 * happened. A request that was refused after an attempt without a response is `unknown` too: that attempt may have taken effect.
 */
export type Outcome = 'acknowledged' | 'refused' | 'unknown';

/** When a request was under way, and what came of it. `endedMs` is infinite while it may still take effect. */
export type Action = { startedMs: number; endedMs: number; attempts: number; outcome: Outcome };

/** An order that was asked for by `POST /orders`. */
export type Purchase = {
  key: string;
  email: string;
  /** Null for an account. */
  guestEmail: string | null;
  lines: readonly { sku: string; quantity: number }[];
  /** Token of the sandbox. */
  token: string;
  couponCodes: readonly string[];
  /** The cheapest one where it is undefined. */
  shippingMethod: string | undefined;
  /** What the quote came to, in minor units; undefined where none was asked for. */
  expectedTotal: number | undefined;
  /** The order of the response; undefined where there was none. */
  orderId: string | undefined;
  /** `unknown` while nothing is known. */
  outcome: Outcome;
};

/** The quantity of one SKU that a client wrote into a cart, by itself or by merging another cart into it. */
export type LineWrite = Action & { sku: string; quantity: number; isByMerge?: true };
export type Checkout = Action & { email: string; token: string; orderId: string | undefined };

/** A cart, with everything that was asked of it. */
export type CartHistory = {
  id: string;
  /** The SKUs of all writes, also of those that are not answered yet. */
  skus: Set<string>;
  writes: LineWrite[];
  checkouts: Checkout[];
  /** Carts that were merged into this one, with its lines after that; undefined if nobody answered. */
  merges: (Action & { from: CartHistory; lines: readonly { sku: string; quantity: number }[] | undefined })[];
  /** Orders of this cart whose payment was declined, and when the client knew: after that, it is open again. */
  declined: { orderId: string; knownAtMs: number }[];
  /** Whether requests met on it, so that some of them may be refused. */
  isContended: boolean;
};

/** What was done with an order after it was placed. */
export type OrderAction = Action & {
  orderId: string;
  kind: 'fulfil' | 'refund' | 'return' | 'cancel' | 'deliver';
  /** The parcel, the refund or the return of the response. */
  madeId?: string | undefined;
  /** The status of the order in the response. */
  status?: string | undefined;
};

/** A seller who was banned for some time. Times are milliseconds since 1970, as in the databases. */
export type Ban = {
  sellerId: string;
  bannedAt: number;
  /** When an order for the seller's goods was refused for the first time; undefined if none ever was. */
  effectiveAt: number | undefined;
  /** When the ban began to be lifted. */
  liftedAt: number;
  /** Whether the goods were on sale again in the end. */
  isRestored: boolean;
};

/** Everything that was asked, with what was answered. */
export type RequestLog = {
  samples: Sample[];
  /** Attempts that failed, by what was answered or thrown: `503`, `ECONNRESET`. */
  failures: Map<string, number>;
  attempts: number;
  /** Responses that no client should ever get; the first of each. */
  unexpected: string[];
  /** 5xx responses, other than a 503 that says when to try again. */
  serverErrors: ServerError[];
  /** Every order that a client was told of, by `POST /orders` or by a checkout. */
  acknowledged: Set<string>;
  purchases: Purchase[];
  carts: CartHistory[];
  orderActions: OrderAction[];
  bans: Ban[];
};

export type ServerError = { request: string; status: number; startedMs: number; endedMs: number };

export function newRequestLog(): RequestLog {
  return {
    ...{ samples: [], failures: new Map(), attempts: 0, unexpected: [], serverErrors: [] },
    ...{ acknowledged: new Set(), purchases: [], carts: [], orderActions: [], bans: [] },
  };
}
