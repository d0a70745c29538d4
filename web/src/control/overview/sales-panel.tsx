import { Link } from 'wouter';
import type { OrderStatus } from '../../api/orders.ts';
import { Chart } from '../../design/chart.tsx';
import { moneyMark, moneyText } from '../../design/format.tsx';
import { Panel } from '../../design/layout.tsx';
import { finishedSteps, formatDuration, formatNumber, sum } from '../number-format.ts';
import type { Statistics } from '../operations.ts';
import { LatestOrders } from './latest-orders.tsx';
import styles from './overview.module.css';

/** Orders and revenue over time, and the orders by status. */
export function SalesPanel({ statistics, minutes }: { statistics: Statistics; minutes: number }) {
  const { times } = finishedSteps(statistics, statistics.placed.length, Date.now());
  const perMinute = statistics.placed.slice(0, times.length).map((count) => (count * 60) / statistics.stepSeconds);
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
          {statistics.taken.map((taken) => (
            <RevenueChart key={taken.currency} taken={taken} times={times} step={statistics.stepSeconds} />
          ))}
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

type RevenueChartProps = { taken: Statistics['taken'][number]; times: readonly number[]; step: number };

/** Revenue over time in one currency: amounts of two cannot be compared. */
function RevenueChart({ taken: { currency, amounts }, times, step }: RevenueChartProps) {
  const values = amounts.slice(0, times.length);
  return (
    <Chart
      title={`Revenue in ${currency} per ${formatDuration(step * 1_000)}`}
      summary={moneyText({ amount: sum(amounts), currency })}
      times={times}
      series={[{ label: currency, values, tone: 'first', look: 'bars' }]}
      format={(amount) => moneyText({ amount, currency })}
      mark={(amount) => moneyMark({ amount, currency })}
      together="sales"
    />
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
