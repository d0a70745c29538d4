import { allFaultKinds } from '../faults/kinds.ts';
import {
  areaPath,
  barsPath,
  horizontal,
  linear,
  linePath,
  logarithmic,
  rect,
  roundUp,
  type Scale,
  svgPath,
  svgText,
  type Tick,
  vertical,
} from './chart.ts';
import type { FaultFigures } from './figures.ts';
import type { Bucket } from './timeline.ts';

const WIDTH = 1120;
const LEFT = 108;
const RIGHT = 1104;
const LANE = 17;
const PANEL = 104;
const GAP = 46;

type Panel = {
  title: string;
  ticks: readonly Tick[];
  legend: readonly { className: string; says: string }[];
  draw: (o: { y: Scale; top: number; base: number }) => string;
  scale: (range: readonly [number, number]) => Scale;
};

/** The timeline of a run: faults in lanes by their kind, and below them what shoppers felt. */
export function timelinePicture(buckets: readonly Bucket[], faults: readonly FaultFigures[], totalMs: number): string {
  const x = linear([0, totalMs], [LEFT, RIGHT]);
  const kinds = allFaultKinds.filter((kind) => faults.some((fault) => fault.kind === kind));
  const lanesTop = 28;
  const lanesEnd = lanesTop + Math.max(1, kinds.length) * LANE;
  const panels = panelsOf(buckets, x);
  const bottom = lanesEnd + panels.length * (PANEL + GAP);
  const parts = [
    ...faults.map((fault) => band(fault, x, lanesTop, bottom, totalMs)),
    svgText({ x: LEFT, y: 14, className: 'title', says: 'Faults, each as long as it took until all was well again' }),
    ...lanes(faults, kinds, x, lanesTop, totalMs),
    ...panels.map((panel, n) => panelPicture(panel, lanesEnd + n * (PANEL + GAP) + GAP)),
    timeAxis(x, bottom, totalMs),
  ];
  const label = 'Timeline of the run: faults, orders accepted, latency, failures and undecided orders';
  return `<svg viewBox="0 0 ${WIDTH} ${bottom + 30}" role="img" aria-label="${label}">${parts.join('')}</svg>`;
}

const endOf = (fault: FaultFigures, totalMs: number): number => fault.endedMs ?? totalMs;

function band(fault: FaultFigures, x: Scale, top: number, bottom: number, totalMs: number): string {
  const from = x(fault.startedMs);
  return rect({ className: 'band', x: from, y: top, width: x(endOf(fault, totalMs)) - from, height: bottom - top });
}

function lanes(
  faults: readonly FaultFigures[],
  kinds: readonly string[],
  x: Scale,
  top: number,
  totalMs: number,
): string[] {
  return kinds.flatMap((kind, n) => {
    const y = top + n * LANE;
    const own = faults.filter((fault) => fault.kind === kind);
    return [
      horizontal(y + LANE / 2, LEFT, RIGHT, 'grid'),
      svgText({ x: LEFT - 10, y: y + LANE / 2 + 4, className: 'label', anchor: 'end', says: kind }),
      ...own.map((fault) => {
        const from = x(fault.startedMs);
        const title = `${kind} ${fault.target}: ${fault.note}, ${((endOf(fault, totalMs) - fault.startedMs) / 1000).toFixed(1)} s`;
        const width = Math.max(3, x(endOf(fault, totalMs)) - from);
        return rect({
          className: fault.failure ? 'fault bad' : 'fault',
          x: from,
          y: y + 3,
          width,
          height: LANE - 6,
          title,
        });
      }),
    ];
  });
}

function panelPicture(panel: Panel, top: number): string {
  const base = top + PANEL;
  const y = panel.scale([base, top]);
  const grid = panel.ticks.map(({ at, label }) => [
    horizontal(y(at), LEFT, RIGHT, 'grid'),
    svgText({ x: LEFT - 10, y: y(at) + 4, className: 'label', anchor: 'end', says: label }),
  ]);
  let legendAt = RIGHT;
  const legend = panel.legend.toReversed().flatMap(({ className, says }) => {
    legendAt -= says.length * 6.6 + 34;
    const sample = svgPath(`${className} key`, `M${legendAt} ${top - 13}h18`);
    return [sample, svgText({ x: legendAt + 24, y: top - 9, className: 'label', says })];
  });
  const title = svgText({ x: LEFT, y: top - 9, className: 'title', says: panel.title });
  return [title, ...legend, ...grid.flat(), panel.draw({ y, top, base })].join('');
}

// Long: a table of panels
function panelsOf(buckets: readonly Bucket[], x: Scale): Panel[] {
  const widthMs = (buckets[1]?.atMs ?? 1000) - (buckets[0]?.atMs ?? 0);
  const middle = (bucket: Bucket) => x(bucket.atMs + widthMs / 2);
  const barWidth = Math.max(1, x(widthMs) - x(0) - 0.4);
  const points = (y: Scale, value: (bucket: Bucket) => number | undefined, at: (bucket: Bucket) => number = middle) =>
    buckets.map((bucket) => {
      const found = value(bucket);
      return { x: at(bucket), y: found === undefined ? undefined : y(found) };
    });
  const most = (value: (bucket: Bucket) => number | undefined) =>
    roundUp(Math.max(1, ...buckets.map((bucket) => value(bucket) ?? 0)));
  const upTo = (top: number) => (range: readonly [number, number]) => linear([0, top], range);
  const ends = (top: number): Tick[] => [0, top / 2, top].map((at) => ({ at, label: at.toLocaleString('en') }));
  const [rate, failed, undecided] = [most((b) => b.begun), most((b) => b.failed), most((b) => b.undecided)];
  const slowest = Math.max(10_000, 10 ** Math.ceil(Math.log10(Math.max(1, ...buckets.map((b) => b.p99 ?? 0)))));
  return [
    {
      title: 'Orders a second',
      ticks: ends(rate),
      legend: [
        { className: 'begun', says: 'begun' },
        { className: 'accepted', says: 'accepted in the end' },
      ],
      scale: upTo(rate),
      draw: ({ y, base }) =>
        svgPath(
          'accepted-area',
          areaPath(
            points(y, (b) => b.accepted),
            base,
          ),
        ) +
        svgPath('accepted', linePath(points(y, (b) => b.accepted))) +
        svgPath('begun', linePath(points(y, (b) => b.begun))),
    },
    {
      title: 'Until an order was accepted, retries included',
      ticks: [
        { at: 10, label: '10 ms' },
        { at: 100, label: '100 ms' },
        { at: 1000, label: '1 s' },
        { at: 10_000, label: '10 s' },
        ...(slowest > 10_000 ? [{ at: 100_000, label: '100 s' }] : []),
      ],
      legend: [
        { className: 'median', says: 'half of them (p50)' },
        { className: 'tail', says: '99 of 100 (p99)' },
      ],
      scale: (range) => logarithmic([10, slowest], range),
      draw: ({ y }) =>
        svgPath('tail', linePath(points(y, (b) => b.p99))) + svgPath('median', linePath(points(y, (b) => b.p50))),
    },
    {
      title: 'Requests a second that failed',
      ticks: ends(failed),
      legend: [
        { className: 'failed', says: 'at the first attempt' },
        { className: 'vain', says: 'in the end' },
      ],
      scale: upTo(failed),
      draw: ({ y, base }) =>
        svgPath(
          'failed',
          barsPath(
            points(
              y,
              (b) => b.failed,
              (b) => x(b.atMs),
            ),
            base,
            barWidth,
          ),
        ) +
        svgPath(
          'vain',
          barsPath(
            points(
              y,
              (b) => b.inVain,
              (b) => x(b.atMs),
            ),
            base,
            barWidth,
          ),
        ),
    },
    {
      title: 'Unsettled orders',
      ticks: ends(undecided),
      legend: [{ className: 'undecided', says: 'undecided' }],
      scale: upTo(undecided),
      draw: ({ y, base }) =>
        svgPath(
          'undecided-area',
          areaPath(
            points(y, (b) => b.undecided),
            base,
          ),
        ) + svgPath('undecided', linePath(points(y, (b) => b.undecided))),
    },
  ];
}

function timeAxis(x: Scale, y: number, totalMs: number): string {
  const seconds = totalMs / 1000;
  const step = [5, 10, 30, 60, 120, 300, 600, 1800, 3600].find((one) => seconds / one <= 12) ?? 7200;
  const parts: string[] = [horizontal(y, LEFT, RIGHT, 'axis')];
  for (let at = 0; at <= seconds; at += step) {
    const label = at % 60 === 0 ? `${at / 60} min` : `${Math.floor(at / 60)}:${String(at % 60).padStart(2, '0')}`;
    parts.push(vertical(x(at * 1000), y, y + 5, 'axis'));
    parts.push(svgText({ x: x(at * 1000), y: y + 20, className: 'label', anchor: 'middle', says: label }));
  }
  return parts.join('');
}
