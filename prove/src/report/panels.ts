import {
  areaPath,
  barsPath,
  linearScale,
  linePath,
  logarithmicScale,
  roundUp,
  type Scale,
  svgGrid,
  svgPath,
  svgText,
  type Tick,
} from '@tradepost/testing/report/svg';
import type { Bucket } from './timeline.ts';

export const LEFT = 108;
export const RIGHT = 1104;
export const PANEL_HEIGHT = 104;

type Measure = (bucket: Bucket) => number | undefined;
/** Draws a value of every bucket in one class of the stylesheet. */
type Draw = (className: string, measure: Measure) => string;

type Panel = {
  title: string;
  ticks: readonly Tick[];
  /** What is written for each class. */
  legend: readonly (readonly [className: string, text: string])[];
  scale: (range: readonly [number, number]) => Scale;
  draw: (as: { line: Draw; area: Draw; bars: Draw }) => string;
};

export function panelPicture(panel: Panel, buckets: readonly Bucket[], x: Scale, top: number): string {
  const base = top + PANEL_HEIGHT;
  const y = panel.scale([base, top]);
  const widthMs = (buckets[1]?.atMs ?? 1000) - (buckets[0]?.atMs ?? 0);
  const points = (measure: Measure, offsetMs: number) =>
    buckets.map((bucket) => {
      const value = measure(bucket);
      return { x: x(bucket.atMs + offsetMs), y: value === undefined ? undefined : y(value) };
    });
  const barWidth = Math.max(1, x(widthMs) - x(0) - 0.4);
  const drawn = panel.draw({
    line: (className, measure) => svgPath(className, linePath(points(measure, widthMs / 2))),
    area: (className, measure) => svgPath(className, areaPath(points(measure, widthMs / 2), base)),
    bars: (className, measure) => svgPath(className, barsPath(points(measure, 0), base, barWidth)),
  });
  const title = svgText(LEFT, top - 9, panel.title, { class: 'title' });
  return [title, legendOf(panel, top), svgGrid(panel.ticks, y, LEFT, RIGHT), drawn].join('');
}

function legendOf({ legend }: Panel, top: number): string {
  let left = RIGHT;
  const items = legend.toReversed().map(([className, text]) => {
    left -= text.length * 6.6 + 34;
    return svgPath(`${className} key`, `M${left} ${top - 13}h18`) + svgText(left + 24, top - 9, text);
  });
  return items.join('');
}

/** What shoppers felt, in panels from top to bottom. */
export function panelsOf(buckets: readonly Bucket[]): Panel[] {
  const most = (measure: Measure) => Math.max(1, ...buckets.map((bucket) => measure(bucket) ?? 0));
  return [
    {
      title: 'Orders a second',
      ...upTo(roundUp(most((b) => b.begun))),
      legend: [
        ['begun', 'begun'],
        ['accepted', 'accepted in the end'],
      ],
      draw: ({ line, area }) =>
        area('accepted-area', (b) => b.accepted) + line('accepted', (b) => b.accepted) + line('begun', (b) => b.begun),
    },
    {
      title: 'Until an order was accepted, retries included',
      ...latencyUpTo(most((b) => b.p99)),
      legend: [
        ['median', 'half of them (p50)'],
        ['tail', '99 of 100 (p99)'],
      ],
      draw: ({ line }) => line('tail', (b) => b.p99) + line('median', (b) => b.p50),
    },
    {
      title: 'Requests a second that failed',
      ...upTo(roundUp(most((b) => b.failed))),
      legend: [
        ['failed', 'at the first attempt'],
        ['vain', 'in the end'],
      ],
      draw: ({ bars }) => bars('failed', (b) => b.failed) + bars('vain', (b) => b.inVain),
    },
    {
      title: 'Unsettled orders',
      ...upTo(roundUp(most((b) => b.undecided))),
      legend: [['undecided', 'undecided']],
      draw: ({ line, area }) => area('undecided-area', (b) => b.undecided) + line('undecided', (b) => b.undecided),
    },
  ];
}

function upTo(top: number): Pick<Panel, 'scale' | 'ticks'> {
  const ticks = [0, top / 2, top].map((at) => ({ at, label: at.toLocaleString('en') }));
  return { ticks, scale: (range) => linearScale([0, top], range) };
}

function latencyUpTo(slowestMs: number): Pick<Panel, 'scale' | 'ticks'> {
  const end = Math.max(10_000, 10 ** Math.ceil(Math.log10(slowestMs)));
  const ticks = [
    { at: 10, label: '10 ms' },
    { at: 100, label: '100 ms' },
    { at: 1000, label: '1 s' },
    { at: 10_000, label: '10 s' },
    ...(end > 10_000 ? [{ at: 100_000, label: '100 s' }] : []),
  ];
  return { ticks, scale: (range) => logarithmicScale([10, end], range) };
}
