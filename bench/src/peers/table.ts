import { formatCpuMs } from '@tradepost/testing/report/formats';
import { markdownTable } from '@tradepost/testing/report/text-tables';
import type { Figures } from '../measurement.ts';
import type { PeerKind } from '../options.ts';

/** One shop at one kind of operation. */
export type PeerFigures = Figures & {
  /** Of the shop; undefined: Tradepost. */
  version: string | undefined;
  /** HTTP requests of one operation. */
  requests: number;
  /** How many times the processor time of Tradepost it takes. */
  ratio: number;
};

/** All shops at one kind of operation, measured in turn, Tradepost first. */
export type PeerResult = { kind: PeerKind; connections: number; shops: PeerFigures[] };

/** Processor time for each operation beside that of Tradepost; one row for each kind and load. */
export function peersTable(results: readonly PeerResult[]): string {
  const names = [...new Set(results.flatMap(({ shops }) => shops.map(nameOf)))];
  if (names.length === 0) return '';
  const rows = results.map(({ kind, connections, shops }) => [
    kind,
    connections,
    ...names.map((name) => {
      const shop = shops.find((one) => nameOf(one) === name);
      return shop ? cell(shop, shop === shops[0]) : '–';
    }),
    shops.map(({ requests }) => requests).join(', '),
    shops.map(({ throughput }) => throughput.toFixed(throughput < 10 ? 1 : 0)).join(', '),
    shops.map(({ p50Ms }) => p50Ms.toFixed(p50Ms < 10 ? 1 : 0)).join(', '),
  ]);
  const heads = ['CPU-ms an operation', 'at once', ...names, 'requests of each', 'a second', 'p50 ms'];
  return markdownTable(heads, rows);
}

const nameOf = ({ name, version }: PeerFigures): string => (version === undefined ? name : `${name} ${version}`);

const cell = ({ cpuMs, ratio }: PeerFigures, isFirst: boolean): string =>
  isFirst ? formatCpuMs(cpuMs) : `${formatCpuMs(cpuMs)} (${ratio.toFixed(1)} ×)`;
