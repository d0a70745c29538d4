import type { Pool } from '@tradepost/postgres/pool';
import type { Ban, CartHistory, OrderAction, Outcome, ServerError } from '../workload/request-log.ts';

/** Where the auditor looks: the databases themselves, and the API as its users see it. */
export type SystemUnderAudit = {
  order: Pool;
  product: Pool;
  /** All databases, by the service whose it is. */
  databases: ReadonlyMap<string, Pool>;
  /** Asks the API as an operator; the body of what is answered. */
  get: (path: string) => Promise<unknown>;
  /** What the broker has told of; undefined where nobody listened. */
  events?: Events;
  /** How often the mail server took each mail, by its Message-ID; undefined where there was none. */
  mailsTaken?: ReadonlyMap<string, number>;
};

/** Every event that was published, and what still waits in a queue. */
export type Events = {
  recorded: ReadonlyMap<string, { type: string; subject: string }>;
  depths: () => Promise<ReadonlyMap<string, number>>;
};

/** What the API has acknowledged, and what there was to begin with. What was not logged is undefined, and is not compared. */
export type Expectations = {
  /** Orders that were answered 201, or 200 again. */
  accepted: ReadonlySet<string>;
  /** Every key that was ever sent, with what was wanted under it. */
  wanted?: readonly WantedOrder[];
  /** Units on hand before the first order, by SKU. */
  stock: ReadonlyMap<string, number>;
  carts?: readonly CartHistory[];
  orderActions?: readonly OrderAction[];
  bans?: readonly Ban[];
  serverErrors?: readonly ServerError[];
  /** Whether the sandbox sends messages, by which alone its fees are known. */
  hasPaymentMessages?: boolean;
  /** Whether the shop issues invoices for all orders. */
  hasInvoices?: boolean;
  /** When faults were under way, on the clock of the request log. */
  disturbances?: readonly Period[];
};

export type Period = { startedMs: number; endedMs: number };

export type WantedOrder = {
  key: string;
  lines: readonly { sku: string; quantity: number }[];
  /** Null for an account. */
  guestEmail?: string | null;
  couponCodes?: readonly string[];
  shippingMethod?: string | undefined;
  /** What it was to cost, in minor units. */
  expectedTotal?: number | undefined;
  /** Undefined if nobody ever answered. */
  orderId: string | undefined;
  outcome?: Outcome;
};

/** One thing that is not as it should be, by what it means to a shop. */
export type Problem = {
  kind: 'lost' | 'doubled' | 'oversold' | 'mismatched' | 'wronglySent';
  /** The order, SKU or whatever it is about: several checks may find the same thing. */
  subject: string;
  what: string;
};

/** Rows of one statement. */
export async function rowsOf<Row>(pool: Pool, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return (await pool.query<Row>({ text, values })).rows;
}

/** The first column of the first row, as a number. */
export async function numberOf(pool: Pool, text: string, values: readonly unknown[] = []): Promise<number> {
  const [row] = await rowsOf<Record<string, unknown>>(pool, text, values);
  return Number(Object.values(row ?? {})[0] ?? 0);
}

/** A problem for each row: what it is about, and what is wrong. */
export function problems<Row>(
  kind: Problem['kind'],
  rows: readonly Row[],
  describe: (row: Row) => [subject: string, what: string],
): Problem[] {
  return rows.map((row) => {
    const [subject, what] = describe(row);
    return { kind, subject, what };
  });
}
