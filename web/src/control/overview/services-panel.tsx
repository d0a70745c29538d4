import { Chart } from '../../design/chart.tsx';
import { Panel } from '../../design/layout.tsx';
import { Badge } from '../../design/notice.tsx';
import { finishedSteps, formatDuration, formatNumber, formatShare } from '../number-format.ts';
import type { ServiceTraffic, Traffic } from '../operations.ts';
import styles from './overview.module.css';

const titles: Record<ServiceTraffic['service'], string> = {
  'api-gateway': 'API gateway',
  auth: 'Accounts',
  product: 'Catalogue and stock',
  order: 'Carts and orders',
  notification: 'Mails',
};
const order: readonly ServiceTraffic['service'][] = ['order', 'product', 'auth', 'notification', 'api-gateway'];

/** One card for each service: its requests, its failures and its latency. */
export function ServicesPanel({ traffic }: { traffic: Traffic }) {
  const services = order.flatMap((name) => traffic.services.filter(({ service }) => service === name));
  return (
    <Panel
      title="Services"
      lead="Measured at the gateway, without the requests of operators. Latency is the time until the response begins."
    >
      <div className={styles.services}>
        {services.map((one) => (
          <ServiceCard key={one.service} one={one} traffic={traffic} />
        ))}
      </div>
    </Panel>
  );
}

function ServiceCard({ one, traffic }: { one: ServiceTraffic; traffic: Traffic }) {
  const { service, total } = one;
  const { times } = finishedSteps(traffic, one.requests.length, Date.now());
  const perMinute = (counts: readonly number[]) =>
    counts.slice(0, times.length).map((count) => (count * 60) / traffic.stepSeconds);
  const requests = perMinute(one.requests);
  const latency = (values: readonly (number | null)[]) => values.slice(0, times.length);
  return (
    <article className={styles.service} aria-labelledby={`service-${service}`}>
      <header className={styles.serviceHead}>
        <h3 id={`service-${service}`} className={styles.serviceName}>
          {titles[service]} <code>{service}</code>
        </h3>
        <Health total={total} />
      </header>
      <Chart
        title="Requests per minute"
        summary={`now ${formatNumber(requests.at(-1) ?? 0)}, peak ${formatNumber(Math.max(0, ...requests))}, ${formatShare(total.failed, total.requests)} failed`}
        times={times}
        series={[
          { label: 'all', values: requests, tone: 'first', look: 'area' },
          { label: 'refused', values: perMinute(one.refused), tone: 'second', dash: 'dotted' },
          { label: 'failed', values: perMinute(one.failed), tone: 'bad', dash: 'dashed' },
        ]}
        format={formatNumber}
        height={150}
        together="services"
      />
      <Chart
        title="Latency"
        summary={latencyText(total)}
        times={times}
        series={[
          { label: 'p50', values: latency(one.p50), tone: 'first' },
          { label: 'p95', values: latency(one.p95), tone: 'third', dash: 'dashed' },
          { label: 'p99', values: latency(one.p99), tone: 'second', dash: 'dotted' },
        ]}
        format={formatDuration}
        height={150}
        together="services"
      />
    </article>
  );
}

function latencyText({ p50, p95, p99 }: ServiceTraffic['total']): string {
  if (p50 === null || p95 === null || p99 === null) return 'no requests';
  return `p50 ${formatDuration(p50)}, p95 ${formatDuration(p95)}, p99 ${formatDuration(p99)}`;
}

function Health({ total }: { total: ServiceTraffic['total'] }) {
  if (total.requests === 0) return <Badge>no requests</Badge>;
  if (total.failed === 0) return <Badge tone="good">healthy</Badge>;
  return (
    <Badge tone={total.failed / total.requests > 0.05 ? 'bad' : 'warn'}>
      {formatShare(total.failed, total.requests)} failed
    </Badge>
  );
}
