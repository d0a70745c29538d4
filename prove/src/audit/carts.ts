import type { CartHistory, LineWrite } from '../workload/request-log.ts';
import {
  type Expectations,
  type Period,
  type Problem,
  problems,
  rowsOf,
  type SystemUnderAudit,
} from './system-under-audit.ts';

/** How long after its end a request may still take effect that was retried, or met a fault: another attempt of it may be under way. */
const LATE_MS = 15_000;

type OrderOfCart = { id: string; status: string; cartId: string; lines: Map<string, number> };

const isLive = ({ status }: OrderOfCart): boolean => status !== 'cancelled' && status !== 'rejected';

/** Whatever was acknowledged of a cart is in the order that was made of it, unless another write took its place. */
export async function cartLinesAreOrdered(system: SystemUnderAudit, o: Expectations): Promise<Problem[]> {
  const { carts = [], disturbances = [] } = o;
  const orders = await readOrders(system, carts);
  const found: [string, string][] = [];
  for (const cart of carts) {
    // Of an order that was cancelled, the cart may have been opened again and changed.
    const live = (orders.get(cart.id) ?? []).filter(isLive);
    for (const order of live) found.push(...missingLines(cart, order, disturbances));
    for (const merge of cart.merges) found.push(...linesLostInMerge(cart, merge, disturbances));
  }
  return problems('lost', found, (one) => one);
}

/**
 * Whatever a guest had put in is in the account's cart after the merge, at least as often. A merge that was sent twice answers what
 * the cart holds when the second arrives, so a line that was written between them may be there instead.
 */
function linesLostInMerge(
  into: CartHistory,
  { from, lines, endedMs }: CartHistory['merges'][number],
  disturbances: readonly Period[],
): [string, string][] {
  if (!lines) return [];
  const begunMs = Math.min(...into.merges.filter((one) => one.from.id === from.id).map(({ startedMs }) => startedMs));
  const isWrittenSince = (sku: string, quantity: number) =>
    into.writes
      .filter((write) => !write.isByMerge && write.sku === sku && write.quantity === quantity)
      .some((write) => write.startedMs <= endedMs && write.endedMs >= begunMs);
  return [...Map.groupBy(from.writes, ({ sku }) => sku)].flatMap(([sku, writes]): [string, string][] => {
    const least = Math.min(...possibleQuantities(writes, disturbances));
    const kept = lines.find((line) => line.sku === sku)?.quantity ?? 0;
    return kept >= least || isWrittenSince(sku, kept)
      ? []
      : [[from.id, `cart ${from.id} held ${least} of ${sku}, and ${kept} are left after its merge`]];
  });
}

function missingLines(cart: CartHistory, order: OrderOfCart, disturbances: readonly Period[]): [string, string][] {
  const skus = new Set([...cart.writes.map(({ sku }) => sku), ...order.lines.keys()]);
  return [...skus].flatMap((sku): [string, string][] => {
    const ordered = order.lines.get(sku) ?? 0;
    const possible = possibleQuantities(
      cart.writes.filter((write) => write.sku === sku),
      disturbances,
    );
    if (possible.has(ordered)) return [];
    const wanted = [...possible].join(' or ');
    return [[order.id, `cart ${cart.id} was to hold ${wanted} of ${sku}, and its order ${order.id} holds ${ordered}`]];
  });
}

/**
 * The quantities that one SKU may have in the end, by what clients were told: those of the writes that no acknowledged write
 * certainly came after. A cart is closed when its order is made, and every write that comes later is refused, so each
 * acknowledged write came before the order.
 */
export function possibleQuantities(writes: readonly LineWrite[], disturbances: readonly Period[]): Set<number> {
  const acknowledged = writes.filter(({ outcome }) => outcome === 'acknowledged');
  const possible = writes.filter(
    (write) => !acknowledged.some((later) => later.startedMs > endOf(write, disturbances)),
  );
  const quantities = new Set(possible.map(({ quantity }) => quantity));
  if (acknowledged.length === 0) quantities.add(0);
  return quantities;
}

/** Until when a write may have taken effect. */
function endOf({ startedMs, endedMs, attempts }: LineWrite, disturbances: readonly Period[]): number {
  const isDisturbed = disturbances.some((one) => startedMs < one.endedMs && endedMs > one.startedMs);
  return attempts > 1 || isDisturbed ? endedMs + LATE_MS : endedMs;
}

/** A cart makes one order at the most that is not cancelled; and a cart whose order was declined makes another. */
export async function oneOrderPerCart(system: SystemUnderAudit, { carts = [] }: Expectations): Promise<Problem[]> {
  const orders = await readOrders(system, carts);
  const twice: [string, string][] = [];
  const stuck: [string, string][] = [];
  for (const cart of carts) {
    const live = (orders.get(cart.id) ?? []).filter(isLive).map(({ id }) => id);
    if (live.length > 1) twice.push([cart.id, `cart ${cart.id} made the orders ${live.join(' and ')}`]);
    for (const { orderId, knownAtMs } of cart.declined) {
      const isAnsweredAgain = cart.checkouts.some((one) => one.startedMs >= knownAtMs && one.orderId === orderId);
      if (isAnsweredAgain)
        stuck.push([cart.id, `cart ${cart.id}: a new checkout was answered the declined order ${orderId}`]);
    }
  }
  return [...problems('doubled', twice, (one) => one), ...problems('lost', stuck, (one) => one)];
}

/** The orders that were made of these carts, by the id of the cart. */
async function readOrders(
  system: SystemUnderAudit,
  carts: readonly CartHistory[],
): Promise<Map<string, OrderOfCart[]>> {
  const rows = await rowsOf<{ id: string; status: string; cartId: string; lines: Record<string, number> }>(
    system.order,
    `select o.id, o.status, o.cart_id as "cartId", json_object_agg(l.sku, l.quantity) as lines
      from orders o join order_line l on l.order_id = o.id where o.cart_id = any($1::uuid[]) group by o.id`,
    [carts.map(({ id }) => id)],
  );
  return Map.groupBy(
    rows.map((row) => ({ ...row, lines: new Map(Object.entries(row.lines)) })),
    ({ cartId }) => cartId,
  );
}
