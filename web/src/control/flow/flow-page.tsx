import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { orderTitle } from '../../api/orders.ts';
import { useMay } from '../../api/permissions.ts';
import { explain, hasCode } from '../../api/problem.ts';
import { LinkButton } from '../../design/button.tsx';
import { moneyText, Time } from '../../design/format.tsx';
import { Panel, Stack, Stat, Stats } from '../../design/layout.tsx';
import { Notice } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../../design/page-states.tsx';
import { formatDuration, pluralize } from '../number-format.ts';
import { messagingQuery } from '../operations.ts';
import { PaymentPanel } from '../payments/payment-panel.tsx';
import { StatusBadge } from '../status-badge.tsx';
import styles from './flow.module.css';
import { FlowLines } from './flow-lines.tsx';
import { OrderDetails } from './order-details.tsx';
import { flowQuery, requestsQuery, reservationQuery, statesQuery } from './queries.ts';
import { type Flow, stepsOf } from './steps.ts';

/** The trace of one order through the services: requests, state changes, messages and stock, in order of time. */
export function FlowPage() {
  const { id = '' } = useParams();
  const flow = useQuery(flowQuery(id));
  if (flow.data) return <FlowView flow={flow.data} failure={flow.error} />;
  return (
    <>
      <PageHeading title="Order" lead={<code>{id}</code>} />
      {!flow.error && (
        <Loading label="The trace of the order">
          <Skeleton height="24rem" />
        </Loading>
      )}
      {flow.error && hasCode(flow.error, 'not_found') && (
        <EmptyState title="Order not found" action={<LinkButton href="/control/orders">All orders</LinkButton>} />
      )}
      {flow.error && !hasCode(flow.error, 'not_found') && (
        <ErrorState title="The order cannot be shown" onRetry={() => void flow.refetch()}>
          {explain(flow.error)}
        </ErrorState>
      )}
    </>
  );
}

/** The steps of an order, and the parts that could not be read. Who may not read messages or the audit trail sees it without them. */
function useTrace(flow: Flow, failure: Error | null) {
  const { order } = flow;
  const may = useMay();
  const messages = may('operations:read');
  const reservation = useQuery(reservationQuery(order.id));
  const orderStates = useQuery(statesQuery('order', messages ? flow : undefined));
  const productStates = useQuery(statesQuery('product', messages ? flow : undefined));
  const requests = useQuery(requestsQuery(may('audit:read') ? flow : undefined));
  const orderHears = useQuery({ ...messagingQuery('order'), enabled: messages });
  const productHears = useQuery({ ...messagingQuery('product'), enabled: messages });
  const steps = stepsOf({
    flow,
    reservation: reservation.data ?? undefined,
    requests: requests.data ?? [],
    states: { order: orderStates.data ?? [], product: productStates.data ?? [] },
    hears: { order: orderHears.data?.hears ?? [], product: productHears.data?.hears ?? [] },
  });
  const unavailable = [
    ...(failure || orderStates.error ? ['order'] : []),
    ...(reservation.error || productStates.error ? ['product'] : []),
    ...(requests.error ? ['the audit trail'] : []),
  ];
  return { steps, unavailable };
}

function FlowView({ flow, failure }: { flow: Flow; failure: Error | null }) {
  const { order } = flow;
  const may = useMay();
  const { steps, unavailable } = useTrace(flow, failure);
  return (
    <>
      <PageHeading
        title={orderTitle(order)}
        lead={
          <>
            <StatusBadge status={order.status} /> {moneyText(order.total)}, placed <Time at={order.createdAt} /> · id{' '}
            <code>{order.id}</code>
          </>
        }
        actions={
          may('mails:read') && <LinkButton href={`/control/mails?order=${order.id}`}>Mails of this order</LinkButton>
        }
      />
      <Stack>
        {unavailable.length > 0 && (
          <Notice tone="warn" title="This trace is incomplete">
            {unavailable.join(' and ')} cannot be reached at the moment. The rest is shown.
          </Notice>
        )}
        <Facts flow={flow} />
        {may('payments:read') && <PaymentPanel order={order} />}
        <Panel title="Trace" lead="Each time is from the clock of the service that recorded it.">
          <FlowLines steps={steps} />
        </Panel>
        <Lines flow={flow} />
        <OrderDetails order={order} />
      </Stack>
    </>
  );
}

const unsettled: readonly string[] = ['pending', 'reserved', 'awaiting_payment'];

function Facts({ flow }: { flow: Flow }) {
  const { order, payment, waiting, entries } = flow;
  const settled = entries.find(({ status }) => !unsettled.includes(status));
  const took = settled ? Date.parse(settled.at) - Date.parse(order.createdAt) : undefined;
  return (
    <Stats label="Summary">
      <Stat
        label="Processing time"
        value={took === undefined ? 'in progress' : formatDuration(took)}
        tone={took === undefined ? 'warn' : 'plain'}
      >
        {waiting.dueAt ? (
          <>
            next check at <Time at={waiting.dueAt} show="second" />
          </>
        ) : (
          'no check is due'
        )}
      </Stat>
      <Stat label="Payment" value={order.payment.status.replaceAll('_', ' ')}>
        {payment.provider}, {pluralize(payment.attempts, 'attempt')}
      </Stat>
      <Stat label="Captured" value={moneyText(payment.captured)}>
        {order.refunded.amount > 0 ? `${moneyText(order.refunded)} refunded` : 'nothing refunded'}
      </Stat>
      <Stat label="Reservation requests" value={waiting.nudges + 1}>
        {order.reason ? `ended: ${order.reason.replaceAll('_', ' ')}` : 'not rejected'}
      </Stat>
    </Stats>
  );
}

function Lines({ flow }: { flow: Flow }) {
  const { order } = flow;
  return (
    <Panel title="Order lines">
      <ul className={styles.lines}>
        {order.lines.map((line) => (
          <li key={line.sku}>
            <span className={styles.quantity}>{line.quantity} ×</span>{' '}
            <Link href={`/products/${line.productId}`}>
              <bdi>{line.title}</bdi>
            </Link>{' '}
            <code>{line.sku}</code>
            <span className={styles.soft}>
              {' '}
              {moneyText(line.total)}
              {line.fulfilled > 0 && `, ${line.fulfilled} sent`}
              {line.refunded > 0 && `, ${line.refunded} refunded`}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
