import { Link } from 'wouter';
import { explain } from '../../api/problem.ts';
import { Panel } from '../../design/area.tsx';
import { Badge } from '../../design/notice.tsx';
import { Table } from '../../design/table.tsx';
import { counted, duration, figure } from '../figures.ts';
import { type Messaging, messagingServices } from '../operations.ts';

type Asked = { data: Messaging | undefined; error: unknown };
type Row = Asked & { service: (typeof messagingServices)[number] };

/** Longer than anything waits while all is well. */
const LATE_SECONDS = 30;

/** What waits between the services. */
export function MessagesPanel({ queries }: { queries: readonly Asked[] }) {
  const rows = messagingServices.map((service, index): Row => {
    const { data, error } = queries[index] ?? { data: undefined, error: null };
    return { service, data, error };
  });
  return (
    <Panel
      title="Messages"
      lead="An outbox holds what a service has decided and still has to tell; its queue holds what others have told it."
    >
      <Table
        caption="Messages by service"
        rows={rows}
        keyOf={({ service }) => service}
        columns={[
          { heading: 'Service', cell: ({ service }) => <code>{service}</code> },
          { heading: 'State', cell: (row) => <State {...row} /> },
          { heading: 'Outbox', number: true, cell: ({ data }) => (data ? figure(data.outbox.events) : '–') },
          { heading: 'Oldest waits', number: true, cell: ({ data }) => ageOf(data) },
          { heading: 'Queue', cell: ({ data }) => queueOf(data) },
          {
            heading: 'Dead letters',
            number: true,
            cell: ({ service, data }) => <Parked service={service} data={data} />,
          },
        ]}
      />
    </Panel>
  );
}

function State({ data, error }: Row) {
  if (error) return <Badge tone="bad">{data ? 'does not answer now' : explain(error)}</Badge>;
  if (!data) return <Badge>asking</Badge>;
  if (!data.connected) return <Badge tone="bad">no broker</Badge>;
  if (data.outbox.oldestSeconds > LATE_SECONDS) return <Badge tone="warn">falls behind</Badge>;
  return <Badge tone="good">flows</Badge>;
}

const ageOf = (data: Messaging | undefined): string =>
  !data || data.outbox.events === 0 ? '–' : duration(data.outbox.oldestSeconds * 1_000);

function queueOf(data: Messaging | undefined): string {
  if (!data) return '–';
  if (data.queue) return `${figure(data.queue.waiting)} waiting, ${counted(data.queue.consumers, 'instance')} at it`;
  return data.transport === 'memory' ? 'in process: straight from the outbox' : 'none';
}

function Parked({ service, data }: Pick<Row, 'service' | 'data'>) {
  if (!data || data.deadLetters === 0 || service === 'auth') return data ? '0' : '–';
  return <Link href={`/control/dead-letters?service=${service}`}>{figure(data.deadLetters)}</Link>;
}
