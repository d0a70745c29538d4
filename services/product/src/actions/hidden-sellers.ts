import type { Db } from '@tradepost/postgres/db';
import { sellersToHide } from '../store/seller-status.ts';

/** The sellers whose products are not shown although their rows are still marked as active. */
export type HiddenSellers = {
  /** Empty, but for some moments after a ban. */
  readonly ids: ReadonlySet<string>;
  /** Reads them anew; true when there are others than before. */
  refresh(): Promise<boolean>;
};

export function createHiddenSellers(db: Db): HiddenSellers {
  let ids: ReadonlySet<string> = new Set();
  return {
    get ids() {
      return ids;
    },
    async refresh() {
      const now = new Set(await sellersToHide(db));
      const isSame = now.size === ids.size && [...now].every((id) => ids.has(id));
      ids = now;
      return !isSame;
    },
  };
}
