import type { ResponseOf } from '../../api/client.ts';

export type Flow = ResponseOf<'getOrderFlow'>;
export type Reservation = ResponseOf<'getReservation'>;
export type MessageState = ResponseOf<'listOrderMessageStates'>['items'][number];
export type Request = ResponseOf<'listAuditEntries'>['items'][number];

export const lanes = ['api-gateway', 'order', 'product'] as const;
export type Lane = (typeof lanes)[number];

/** One thing that happened to an order, where it happened. Times are those of the clock of that service. */
export type Step = { key: string; at: number } & (
  | { kind: 'request'; lane: 'api-gateway'; request: Request }
  | { kind: 'entry'; lane: 'order'; entry: Flow['entries'][number] }
  | { kind: 'stock'; lane: 'product'; reservation: Reservation; settled: boolean }
  | { kind: 'message'; lane: Lane; to: Lane | undefined; type: string; id: string; found: MessageOutcome | undefined }
);

/** What became of a message: handled or parked by whoever hears it, or still in the outbox of whoever told it. */
export type MessageOutcome = Pick<MessageState, 'state' | 'at'>;

export type TraceData = {
  flow: Flow;
  reservation: Reservation | undefined;
  requests: readonly Request[];
  /** By service, what it knows of which message. */
  states: Readonly<Record<'order' | 'product', readonly MessageState[]>>;
  /** By service, the types that it handles. */
  hears: Readonly<Record<'order' | 'product', readonly string[]>>;
};

/** In order of time; what happened at the same millisecond, in the order in which one leads to the other. */
export function stepsOf(known: TraceData): Step[] {
  const steps = [...requestSteps(known), ...entrySteps(known), ...messageSteps(known), ...stockSteps(known)];
  return steps.sort((a, b) => a.at - b.at || ranks[a.kind] - ranks[b.kind]);
}

const ranks: Record<Step['kind'], number> = { request: 0, entry: 1, message: 2, stock: 3 };

const requestSteps = ({ requests }: TraceData): Step[] =>
  requests.map((request) => ({
    kind: 'request',
    key: request.id,
    lane: 'api-gateway',
    at: Date.parse(request.at),
    request,
  }));

const entrySteps = ({ flow }: TraceData): Step[] =>
  flow.entries.map((entry) => ({
    kind: 'entry',
    key: `entry ${entry.version}`,
    lane: 'order',
    at: Date.parse(entry.at),
    entry,
  }));

/** The steps of a reservation: when it was made, and when it last changed if it did. */
function stockSteps({ reservation }: TraceData): Step[] {
  if (!reservation) return [];
  const { createdAt, updatedAt, status } = reservation;
  const made: Step = {
    kind: 'stock',
    key: 'stock made',
    lane: 'product',
    at: Date.parse(createdAt),
    reservation,
    settled: status === 'rejected',
  };
  if (updatedAt === createdAt || status === 'held') return [made];
  return [made, { ...made, key: 'stock settled', at: Date.parse(updatedAt), settled: true }];
}

function messageSteps({ flow, ...known }: TraceData): Step[] {
  const steps = new Map<string, Step>();
  for (const { heard, told } of flow.entries) {
    for (const message of told) steps.set(message.id, messageStep(message, 'order', known));
    if (heard) steps.set(heard.id, messageStep(heard, 'product', known));
  }
  return [...steps.values()];
}

function messageStep(
  { id, type }: { id: string; type: string },
  from: 'order' | 'product',
  { states, hears }: Pick<TraceData, 'states' | 'hears'>,
): Step {
  const other = from === 'order' ? 'product' : 'order';
  const isUnpublished = (one: MessageState) => one.id === id && one.state === 'unpublished';
  const found = states[other].find((one) => one.id === id) ?? states[from].find(isUnpublished);
  const to = found || hears[other].includes(type) ? other : undefined;
  return { kind: 'message', key: id, at: timeOfId(id), lane: from, to, type, id, found };
}

/** A UUID of version 7 begins with the milliseconds of its making. */
const timeOfId = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

/** The ids of all messages of an order. */
export const messageIds = ({ entries }: Flow): string[] => [
  ...new Set(entries.flatMap(({ heard, told }) => [...told.map(({ id }) => id), ...(heard ? [heard.id] : [])])),
];
