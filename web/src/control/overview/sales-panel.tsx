import { Link } from 'wouter';
import type { OrderStatus } from '../../api/orders.ts';
import { Chart } from '../../design/chart.tsx';
import type { Series } from '../../design/chart-types.ts';
import { moneyText } from '../../design/format.tsx';
import { Panel } from '../../design/layout.tsx';
import { finishedSteps, formatDuration, formatNumber, sum } from '../number-format.ts';
import type { Statistics } from '../operations.ts';
import { LatestOrders } from './latest-orders.tsx';
import styles from './overview.module.css';

/** Orders and revenue over time, and the orders by status. */
export function SalesPanel({ statistics, minutes }: { statistics: Statistics; minutes: number }) {
  const { times } = finishedSteps(statistics, statistics.placed.length, Date.now());
  const perMinute = statistics.placed.slice(0, times.length).map((count) => (count * 60) / statistics.stepSeconds);
  const tones = ['first', 'second', 'third'] as const;
  const money = statistics.taken.map(
    ({ currency, amounts }, index): Series => ({
      label: currency,
      values: amounts.slice(0, times.length),
      tone: tones[index % tones.length] ?? 'first',
      look: statistics.taken.length === 1 ? 'bars' : 'line',
      dash: index % 2 === 0 ? 'solid' : 'dashed',
    }),
  );
  const currency = statistics.taken[0]?.currency ?? 'EUR';
  return (
    <Panel title="Sales" lead="Orders and revenue by the time of the order.">
      <div className={styles.sales}>
        <div className={styles.card}>
          <Chart
            title="Orders per minute"
            summary={`${formatNumber(sum(statistics.placed))} in total, peak ${formatNumber(Math.max(0, ...perMinute))} per minute`}
            times={times}
            series={[{ label: 'orders', values: perMinute, tone: 'first', look: 'bars' }]}
            format={formatNumber}
            together="sales"
          />
          {money.length > 0 && (
            <Chart
              title={`Revenue per ${formatDuration(statistics.stepSeconds * 1_000)}`}
              summary={statistics.taken
                .map((one) => moneyText({ amount: sum(one.amounts), currency: one.currency }))
                .join(', ')}
              times={times}
              series={money}
              format={(amount) => moneyText({ amount, currency })}
              mark={(amount) => moneyText({ amount, currency }).replace(/[.,]0+$/, '')}
              together="sales"
            />
          )}
        </div>
        <div className={styles.card}>
          <StatusCounts statistics={statistics} />
        </div>
        <div className={styles.card}>
          <LatestOrders minutes={minutes} />
        </div>
      </div>
    </Panel>
  );
}

/** The number of orders in each status, with a bar of that length. */
function StatusCounts({ statistics }: { statistics: Statistics }) {
  const most = Math.max(1, ...statistics.byStatus.map(({ count }) => count));
  const openFor = new Map(statistics.open.map(({ status, oldestSeconds }) => [status, oldestSeconds]));
  return (
    <section aria-labelledby="orders-by-state">
      <h3 className={styles.cardTitle} id="orders-by-state">
        Orders by status
      </h3>
      <dl className={styles.states}>
        {statistics.byStatus.map(({ status, count }) => (
          <div key={status} className={styles.state}>
            <dt>
              <StatusLink status={status} />
            </dt>
            <dd className={styles.stateCount}>
              {formatNumber(count)}
              {openFor.has(status) && (
                <span className={styles.stateNote}> oldest {formatDuration((openFor.get(status) ?? 0) * 1_000)}</span>
              )}
            </dd>
            <dd className={styles.track} aria-hidden="true">
              <span className={styles.bar} style={{ inlineSize: `${(count / most) * 100}%` }} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const StatusLink = ({ status }: { status: OrderStatus }) => (
  <Link href={`/control/orders?status=${status}`} className={styles.statusLink}>
    {status}
  </Link>
);
