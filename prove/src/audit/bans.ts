import { type Expectations, type Problem, problems, rowsOf, type SystemUnderAudit } from './system-under-audit.ts';

/** A process may have read the prices before the ban, and have stood still before it wrote the order. */
const GRACE_MS = 5000;

/** Once an order was refused because of a ban, none that holds goods of that seller was accepted until it was lifted. */
export async function nothingSoldOfBanned(system: SystemUnderAudit, { bans = [] }: Expectations): Promise<Problem[]> {
  const found: Problem[] = [];
  for (const { sellerId, bannedAt, effectiveAt, liftedAt, isRestored } of bans) {
    const since = new Date(bannedAt).toISOString();
    const say = (what: string) => found.push({ kind: 'mismatched', subject: sellerId, what });
    if (!isRestored) say(`the goods of seller ${sellerId}, banned at ${since}, did not come back on sale`);
    if (effectiveAt === undefined) {
      say(`seller ${sellerId} was banned at ${since}, and the goods stayed on sale`);
      continue;
    }
    const rows = await rowsOf<{ id: string; at: string }>(
      system.order,
      `select distinct o.id, o.created_at::text as at from orders o join order_line l on l.order_id = o.id
        where l.seller_id = $1 and o.created_at > $2 and o.created_at < $3`,
      [sellerId, new Date(effectiveAt + GRACE_MS), new Date(liftedAt)],
    );
    found.push(
      ...problems('mismatched', rows, ({ id, at }) => [
        id,
        `order ${id} of ${at} holds goods of seller ${sellerId}, banned at ${since}`,
      ]),
    );
  }
  return found;
}
