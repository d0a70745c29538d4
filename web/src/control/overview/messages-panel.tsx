import { Link } from 'wouter';
import { explain } from '../../api/problem.ts';
import { Panel } from '../../design/layout.tsx';
import { Badge } from '../../design/notice.tsx';
import { Table } from '../../design/table.tsx';
import { formatDuration, formatNumber, pluralize } from '../number-format.ts';
import { type Messaging, messagingServices } from '../operations.ts';

type MessagingQuery = { data: Messaging | undefined; error: unknown };
type Row = MessagingQuery & { service: (typeof messagingServices)[number] };

/** An event that waits longer than this is late: in normal operation none does. */
const LATE_SECONDS = 30;

/** The events that wait between the services. */
export function MessagesPanel({ queries }: { queries: readonly MessagingQuery[] }) {
  const rows = messagingServices.map((service, index): Row => {
    const { data, error } = queries[index] ?? { data: undefined, error: null };
    return { service, data, error };
  });
  return (
    <Panel
      title="Messages"
      lead="The outbox holds events that the service has not published yet. The queue holds events that it has not processed yet."
    >
      <Table
        caption="Messages by service"
        rows={rows}
        keyOf={({ service }) => service}
        columns={[
          { heading: 'Service', cell: ({ service }) => <code>{service}</code> },
          { heading: 'Status', cell: (row) => <State {...row} /> },
          { heading: 'Outbox', number: true, cell: ({ data }) => (data ? formatNumber(data.outbox.events) : '–') },
          { heading: 'Oldest event', number: true, cell: ({ data }) => ageOf(data) },
          { heading: 'Queue', cell: ({ data }) => queueOf(data) },
          {
            heading: 'Dead letters',
            number: true,
            cell: ({ service, data }) => <DeadLetterLink service={service} data={data} />,
          },
        ]}
      />
    </Panel>
  );
}

function State({ data, error }: Row) {
  if (error) return <Badge tone="bad">{data ? 'unavailable' : explain(error)}</Badge>;
  if (!data) return <Badge>loading</Badge>;
  if (!data.connected) return <Badge tone="bad">not connected</Badge>;
  if (data.outbox.oldestSeconds > LATE_SECONDS) return <Badge tone="warn">delayed</Badge>;
  return <Badge tone="good">healthy</Badge>;
}

const ageOf = (data: Messaging | undefined): string =>
  !data || data.outbox.events === 0 ? '–' : formatDuration(data.outbox.oldestSeconds * 1_000);

function queueOf(data: Messaging | undefined): string {
  if (!data) return '–';
  if (data.queue) return `${formatNumber(data.queue.waiting)} waiting, ${pluralize(data.queue.consumers, 'consumer')}`;
  return data.transport === 'memory' ? 'in process, no broker' : 'none';
}

function DeadLetterLink({ service, data }: Pick<Row, 'service' | 'data'>) {
  if (!data || data.deadLetters === 0 || service === 'auth') return data ? '0' : '–';
  return <Link href={`/control/dead-letters?service=${service}`}>{formatNumber(data.deadLetters)}</Link>;
}
