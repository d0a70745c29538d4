import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Identity } from '@tradepost/runtime/identity';
import type { StoredStatus } from '../store/products.ts';

/** Whoever asks; undefined is somebody unknown. */
export type Viewer = Identity | undefined;

/** Sellers change what is theirs, operators with the permission of the route everything. */
export function canEdit(viewer: Viewer, sellerId: string): boolean {
  if (!viewer) return false;
  return viewer.isOperator === true || (viewer.role === 'seller' && viewer.accountId === sellerId);
}

/** Everybody sees what is for sale; what is archived or suspended, only those whose it is. */
export const canView = (viewer: Viewer, product: { status: StoredStatus; sellerId: string }): boolean =>
  product.status === 'active' || canEdit(viewer, product.sellerId);

export const productNotFound = (): ProblemError => new ProblemError('not_found', 'There is no such product');

/** Refuses with `not_found` what is not there or not to be seen, and with `forbidden` what is another's. */
export function ownedBy<P extends { status: StoredStatus; sellerId: string }>(
  viewer: Viewer,
  product: P | undefined,
): P {
  if (!product || !canView(viewer, product)) throw productNotFound();
  if (!canEdit(viewer, product.sellerId)) throw new ProblemError('forbidden', 'The product belongs to another seller');
  return product;
}
