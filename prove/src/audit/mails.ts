import { numberOf, type Problem, problems, rowsOf, type SystemUnderAudit } from './system-under-audit.ts';

/** What each step of an order is written to its customer as; the ids of parcels, returns and refunds are the API's. */
const causesOfOrders = `
  select 'order:' || order_id || ':' || status as cause from order_event where status in ('rejected', 'cancelled')
  union select 'order:' || order_id || ':confirmed' from order_event where status in ('authorized', 'confirmed')
  union select 'order:' || e.order_id || ':new-order:' || l.seller_id from order_event e join order_line l using (order_id)
    where e.status in ('authorized', 'confirmed')
  union select 'order:' || order_id || ':delivered' from order_event where type = 'delivered'
  union select 'order:' || order_id || ':parcel:' || id from fulfilment
  union select 'order:' || order_id || ':return:' || id from goods_return
  union select 'order:' || order_id || ':refund:' || (data->>'refundId') from order_event where type = 'refund_booked'
  union select 'order:' || order_id || ':payment-needed:declined' from order_event
    where type = 'payment_declined' and status = 'awaiting_payment'
  union select 'order:' || order_id || ':payment-needed:action' from order_event where type = 'payment_requires_action'`;

type MailRow = { id: string; cause: string; status: string; attempts: number };

/**
 * Every mail that is due was written once for its cause, and sent. The mail server took it once for each attempt at the most: more often than
 * once only where its answer was lost, or the sender was killed before it had recorded it.
 */
export async function mailsSent(system: SystemUnderAudit): Promise<Problem[]> {
  const pool = system.databases.get('notification');
  if (!pool || !system.mailsTaken) return [];
  const due = await rowsOf<{ cause: string }>(system.order, causesOfOrders);
  const written = await rowsOf<MailRow>(pool, 'select id, cause, status, attempts from mail');
  const causes = new Set(written.map(({ cause }) => cause));
  const wanted = new Set(due.map(({ cause }) => cause));
  const ofOrders = written.filter(({ cause }) => cause.startsWith('order:'));
  const unsent = written.filter(({ status }) => status !== 'sent' && status !== 'withdrawn');
  const taken = takenById(system.mailsTaken);
  const sent = written.filter(({ status }) => status === 'sent');
  return [
    ...problems(
      'lost',
      [...wanted].filter((cause) => !causes.has(cause)),
      (cause) => [cause, `no mail was written for ${cause}`],
    ),
    ...problems(
      'doubled',
      ofOrders.filter(({ cause }) => !wanted.has(cause)),
      ({ cause }) => [cause, `a mail was written for ${cause}, which is not due`],
    ),
    ...problems('lost', unsent, ({ cause, status }) => [cause, `the mail for ${cause} is ${status}`]),
    ...problems(
      'lost',
      sent.filter(({ id }) => !taken.has(id)),
      ({ cause }) => [cause, `the mail for ${cause} never reached the mail server`],
    ),
    ...problems(
      'doubled',
      written.filter(({ id, attempts }) => (taken.get(id) ?? 0) > attempts),
      ({ id, cause, attempts }) => [
        cause,
        `the mail for ${cause} was taken ${taken.get(id)} times in ${attempts} attempts`,
      ],
    ),
  ];
}

/** A Message-ID is the id of the mail before the `@`. */
const takenById = (taken: ReadonlyMap<string, number>): Map<string, number> =>
  new Map([...taken].map(([messageId, times]) => [messageId.replace(/^<|@.*$/g, ''), times]));

/** How many mails were sent, and how many of them the mail server took more than once. */
export async function mailFigures(system: SystemUnderAudit): Promise<{ sent: number; repeated: number }> {
  const pool = system.databases.get('notification');
  const sent = pool ? await numberOf(pool, `select count(*) from mail where status = 'sent'`) : 0;
  return {
    sent,
    repeated: [...(system.mailsTaken ?? new Map<string, number>()).values()].filter((times) => times > 1).length,
  };
}
