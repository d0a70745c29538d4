import UPlot from 'uplot';
import { type ChartColours, readColours } from './chart-colours.ts';
import type { ChartProps, Series } from './chart-types.ts';

const clock = new Intl.DateTimeFormat('en-IE', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-IE', { day: 'numeric', month: 'short' });
const exact = new Intl.DateTimeFormat('en-IE', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY_SECONDS = 86_400;
/** Where the names of lines stand, to their right. */
const LABELS = 58;
const LABEL_GAP = 14;
const dashes = { solid: [], dashed: [7, 4], dotted: [2, 3] } as const;

export type CanvasProps = Pick<ChartProps, 'times' | 'series' | 'format' | 'mark' | 'height' | 'together'> & {
  /** Where the value under the pointer is shown. */
  tell: (text: string) => void;
};

export const dataOf = ({ times, series }: CanvasProps): UPlot.AlignedData => [
  times as number[],
  ...series.map(({ values }) => values as (number | null)[]),
];

/** What uPlot draws, and how, in the colours and the font of the page. */
export function plotOptions(props: CanvasProps, element: HTMLElement): UPlot.Options {
  const { series, format, height = 180, together, tell } = props;
  const colours = readColours(element);
  const font = `12px ${getComputedStyle(element).fontFamily}`;
  const axis = { stroke: colours.ink, font, grid: { stroke: colours.grid, width: 1 }, ticks: { show: false } };
  const labelled = series.length > 1;
  return {
    width: element.clientWidth,
    height,
    padding: [10, labelled ? LABELS : 8, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 7, fill: colours.ground },
      ...(together && { sync: { key: together } }),
    },
    scales: { x: { time: true }, y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [
      { ...axis, size: 26, gap: 6, space: 70, values: (_plot, marks) => marks.map((at) => timeOf(at, marks)) },
      {
        ...axis,
        size: 52,
        gap: 6,
        space: 34,
        values: (_plot, marks) => marks.map((mark) => (props.mark ?? format)(mark)),
      },
    ],
    series: [{}, ...series.map((one) => lineOf(one, colours))],
    hooks: {
      draw: labelled ? [(plot) => nameLines(plot, { series, colours, font })] : [],
      setCursor: [({ cursor, data }) => tell(cursor.idx == null ? '' : sentence(props, data, cursor.idx))],
    },
  };
}

function lineOf({ label, tone, look = 'line', dash = 'solid' }: Series, colours: ChartColours): UPlot.Series {
  const stroke = colours[tone];
  const { stepped, bars } = UPlot.paths;
  const paths =
    look === 'bars' ? bars?.({ size: [0.7, 24], radius: 0.2 }) : look === 'steps' ? stepped?.({ align: 1 }) : undefined;
  return {
    label,
    stroke,
    width: 2,
    dash: [...dashes[dash]],
    // A value without neighbours is no line, so it is a point.
    points: { show: look === 'line', size: 5, fill: stroke, filter: lonely },
    ...(look !== 'line' && { fill: stroke.replace(/^rgb\((.*)\)$/, look === 'bars' ? 'rgb($1)' : 'rgba($1, 0.14)') }),
    ...(paths && { paths }),
  };
}

function lonely(plot: UPlot, series: number): number[] {
  const values = plot.data[series] ?? [];
  const isThere = (at: number) => values[at] != null;
  return [...values.keys()].filter((at) => isThere(at) && !isThere(at - 1) && !isThere(at + 1));
}

/** Writes the name of each line where it ends, moved apart where several end close to one another. */
function nameLines(
  plot: UPlot,
  { series, colours, font }: { series: readonly Series[]; colours: ChartColours; font: string },
): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  // A line that is flat at nothing says nothing, and would only crowd the others out.
  const ends = series
    .filter(({ values }) => values.some((value) => value))
    .map(({ label, tone, values }) => ({ label, tone, value: values.findLast((value) => value !== null) }))
    .flatMap(({ value, ...rest }) => (value == null ? [] : [{ ...rest, y: plot.valToPos(value, 'y', true) }]))
    .sort((a, b) => a.y - b.y);
  const gap = LABEL_GAP * scale;
  const lowest = bbox.top + bbox.height;
  let free = bbox.top;
  ctx.save();
  ctx.font = font.replace('12px', `600 ${12 * scale}px`);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  for (const [index, { label, tone, y }] of ends.entries()) {
    // What comes below still needs its place.
    const at = Math.max(free, Math.min(y, lowest - (ends.length - 1 - index) * gap));
    ctx.fillStyle = colours[tone];
    ctx.fillText(label, bbox.left + bbox.width + 8 * scale, at);
    free = at + gap;
  }
  ctx.restore();
}

function timeOf(at: number, marks: readonly number[]): string {
  const span = (marks.at(-1) ?? at) - (marks[0] ?? at);
  return (span > 2 * DAY_SECONDS ? day : clock).format(at * 1000);
}

function sentence({ series, format, times }: CanvasProps, data: UPlot.AlignedData, at: number): string {
  const time = times[at];
  if (time === undefined) return '';
  const parts = series.map(({ label }, index) => {
    const value = data[index + 1]?.[at];
    return `${label} ${value == null ? 'none' : format(value)}`;
  });
  return `${exact.format(time * 1000)} · ${parts.join(' · ')}`;
}
