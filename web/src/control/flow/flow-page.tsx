import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { explain, hasCode } from '../../api/problem.ts';
import { Panel, Stack, Stat, Stats } from '../../design/area.tsx';
import { LinkButton } from '../../design/button.tsx';
import { moneyText, Time } from '../../design/format.tsx';
import { Notice } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../../design/states.tsx';
import { counted, duration } from '../figures.ts';
import { messagingQuery } from '../operations.ts';
import { StatusBadge } from '../status-badge.tsx';
import styles from './flow.module.css';
import { FlowLines } from './flow-lines.tsx';
import { flowQuery, requestsQuery, reservationQuery, statesQuery } from './queries.ts';
import { type Flow, stepsOf } from './steps.ts';

/** How one order went through the services: requests, decisions, messages and stock, in order of time. */
export function FlowPage() {
  const { id = '' } = useParams();
  const flow = useQuery(flowQuery(id));
  if (flow.data) return <FlowView flow={flow.data} failure={flow.error} />;
  return (
    <>
      <PageHeading title="Order" lead={<code>{id}</code>} />
      {!flow.error && (
        <Loading label="The order's way through the services">
          <Skeleton height="24rem" />
        </Loading>
      )}
      {flow.error && hasCode(flow.error, 'not_found') && (
        <EmptyState
          title="There is no such order"
          action={<LinkButton href="/control/orders">All orders</LinkButton>}
        />
      )}
      {flow.error && !hasCode(flow.error, 'not_found') && (
        <ErrorState title="The order cannot be shown" onRetry={() => void flow.refetch()}>
          {explain(flow.error)}
        </ErrorState>
      )}
    </>
  );
}

function FlowView({ flow, failure }: { flow: Flow; failure: Error | null }) {
  const { order } = flow;
  const reservation = useQuery(reservationQuery(order.id));
  const orderStates = useQuery(statesQuery('order', flow));
  const productStates = useQuery(statesQuery('product', flow));
  const requests = useQuery(requestsQuery(flow));
  const [orderHears, productHears] = [useQuery(messagingQuery('order')), useQuery(messagingQuery('product'))];
  const steps = stepsOf({
    flow,
    reservation: reservation.data ?? undefined,
    requests: requests.data ?? [],
    states: { order: orderStates.data ?? [], product: productStates.data ?? [] },
    hears: { order: orderHears.data?.hears ?? [], product: productHears.data?.hears ?? [] },
  });
  const away = [
    ...(failure || orderStates.error ? ['order'] : []),
    ...(reservation.error || productStates.error ? ['product'] : []),
    ...(requests.error ? ['the audit trail'] : []),
  ];
  return (
    <>
      <PageHeading
        title={`Order of ${moneyText(order.total)}`}
        lead={
          <>
            <StatusBadge status={order.status} /> placed <Time at={order.createdAt} /> · <code>{order.id}</code>
          </>
        }
      />
      <Stack>
        {away.length > 0 && (
          <Notice tone="warn" title="A part of this is missing">
            {away.join(' and ')} cannot be asked at the moment; what is known without is shown.
          </Notice>
        )}
        <Facts flow={flow} />
        <Panel title="Its way through the services" lead="Times are those of each service's own clock.">
          <FlowLines steps={steps} />
        </Panel>
        <Lines flow={flow} />
      </Stack>
    </>
  );
}

function Facts({ flow }: { flow: Flow }) {
  const { order, payment, waiting, entries } = flow;
  const settled = entries.find(({ status }) => status !== 'pending' && status !== 'reserved');
  const took = settled ? Date.parse(settled.at) - Date.parse(order.createdAt) : undefined;
  return (
    <Stats label="In short">
      <Stat
        label="Settled after"
        value={took === undefined ? 'not yet' : duration(took)}
        tone={took === undefined ? 'warn' : 'plain'}
      >
        {waiting.dueAt ? (
          <>
            looked at again <Time at={waiting.dueAt} show="second" />
          </>
        ) : (
          'nothing is awaited'
        )}
      </Stat>
      <Stat label="Payment" value={order.payment.status.replaceAll('_', ' ')}>
        {payment.provider}, {counted(payment.attempts, 'attempt')}
      </Stat>
      <Stat label="Taken" value={moneyText(payment.captured)}>
        {order.refunded.amount > 0 ? `${moneyText(order.refunded)} given back` : 'nothing given back'}
      </Stat>
      <Stat label="Stock asked for" value={counted(waiting.nudges + 1, 'time')}>
        {order.reason ? `ended: ${order.reason}` : 'without an objection'}
      </Stat>
    </Stats>
  );
}

function Lines({ flow }: { flow: Flow }) {
  const { order } = flow;
  return (
    <Panel title="What was ordered">
      <ul className={styles.lines}>
        {order.lines.map((line) => (
          <li key={line.sku}>
            <span className={styles.quantity}>{line.quantity} ×</span>{' '}
            <Link href={`/products/${line.productId}`}>{line.title}</Link> <code>{line.sku}</code>
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
