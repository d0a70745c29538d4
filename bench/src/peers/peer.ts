import { randomInt } from 'node:crypto';
import type { Operation } from '../closed-loop.ts';
import type { Infrastructure } from '../infrastructure.ts';
import type { Side } from '../measurement.ts';
import type { PeerKind } from '../options.ts';

/** A product as every shop gets it; amounts are cents. */
export type CatalogueProduct = {
  slug: string;
  title: string;
  description: string;
  variants: { sku: string; title: string; amount: number; onHand: number }[];
};

/** What a shop is installed, filled and started with. */
export type PeerContext = {
  infrastructure: Infrastructure;
  catalogue: readonly CatalogueProduct[];
  /** The same as a JSON file. */
  catalogueFile: string;
  /** Takes up what is to be ended afterwards. */
  started: AsyncDisposableStack;
  onProgress: (what: string) => void;
};

/** Another shop, which can be installed and started. */
export type Peer = { name: string; start(context: PeerContext): Promise<RunningPeer> };

/** Another shop that serves the catalogue. */
export type RunningPeer = {
  name: string;
  version: string;
  origin: string;
  /** Each checks its response, and throws when it is not the expected one. */
  operations: Record<PeerKind, Operation>;
  /** HTTP requests of one operation. */
  requests: Record<PeerKind, number>;
  processors: Side['processors'];
  /** Its database. */
  database: string;
  /** Resolves when no job is pending any more. */
  settled(): Promise<void>;
};

/** HTTP requests of one operation at Tradepost. */
export const tradepostRequests: Record<PeerKind, number> = { read: 1, list: 1, search: 1, purchase: 1 };

/** Who buys, and where it goes. */
export const buyer = {
  firstName: 'Robin',
  lastName: 'Vermeer',
  line1: 'Hafenstrasse 1',
  city: 'Hamburg',
  postalCode: '20457',
  country: 'DE',
} as const;

/** Any one of a list that is not empty. */
export function anyOf<T>(list: readonly T[]): T {
  const one = list[randomInt(list.length)];
  if (one === undefined) throw new RangeError('The list is empty');
  return one;
}
