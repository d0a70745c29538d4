import type { VatId, VatIdAnswer } from '../domain/vat-id.ts';

/** Whoever knows which VAT ids are registered. */
export type VatIdChecker = {
  /** Asks about an id. `requester` is the VAT id of the shop. Throws where there is no answer in time. */
  check(id: VatId, requester: VatId | null): Promise<VatIdAnswer>;
};
