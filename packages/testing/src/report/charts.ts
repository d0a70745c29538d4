import { element } from './html.ts';
import { linearScale, linePath, svgGrid, svgLine, svgPicture, svgRect, svgText } from './svg.ts';

const WIDTH = 560;
const LABEL = 190;
const VALUE = 64;
const ROW = 26;
/** Variables of the stylesheet; to each belong stripes and dashes, so that a chart can be read without colours. */
const colours = ['blue', 'orange', 'green', 'violet', 'soft', 'red'];
const dashes = ['', '6 3', '2 3', '8 3 2 3', '1 2', '10 4'];
const stripes = ['', 'M0 8L8 0', 'M4 0V8', 'M0 4H8', 'M4 3v2M3 4h2', 'M0 0L8 8M0 8L8 0'];

const colourOf = (n: number): string => `var(--${colours[n % colours.length]})`;
const stripesOf = (n: number): string => `url(#stripes-${n % colours.length})`;

/** The stripes that tell the parts of bars apart without colours: stands once on a page with bar charts. */
export const barPatterns = element(
  'svg',
  { style: 'position: absolute; width: 0; height: 0', 'aria-hidden': 'true' },
  stripes
    .map((d, n) => {
      const ground = svgRect({ x: 0, y: 0, width: 8, height: 8 }, { fill: colourOf(n) });
      const mark = element('path', { d, stroke: 'var(--paper)', 'stroke-width': 1.4 });
      return element(
        'pattern',
        { id: `stripes-${n}`, width: 8, height: 8, patternUnits: 'userSpaceOnUse' },
        ground + mark,
      );
    })
    .join(''),
);

/** A bar: its parts from left to right, and what is written at its end. */
export type Bar = { label: string; parts: readonly { name: string; value: number }[]; total: number };

/** Horizontal bars, each of parts, with their totals in figures and a line at the target. */
export function barChart(o: {
  unit: string;
  format: (value: number) => string;
  target?: number;
  bars: readonly Bar[];
}): string {
  const most = Math.max(o.target ?? 0, ...o.bars.map(({ total }) => total)) * 1.04;
  const x = linearScale([0, most], [LABEL, WIDTH - VALUE]);
  const names = [...new Set(o.bars.flatMap(({ parts }) => (parts.length > 1 ? parts.map(({ name }) => name) : [])))];
  const rows = o.bars.map(({ label, parts, total }, n) => {
    const y = n * ROW + 4;
    let end = 0;
    const pieces = parts.map(({ name, value }) => {
      const from = x(end);
      end += value;
      const fill = stripesOf(Math.max(0, names.indexOf(name)));
      const title = `${name} ${o.format(value)} ${o.unit}`;
      return svgRect({ x: from, y, width: x(end) - from, height: ROW - 8 }, { fill, title });
    });
    const value = svgText(x(Math.max(total, end)) + 6, y + 13, o.format(total), { class: 'ink' });
    return svgText(LABEL - 8, y + 13, label, { class: 'ink', 'text-anchor': 'end' }) + pieces.join('') + value;
  });
  const bottom = o.bars.length * ROW + 4;
  if (o.target !== undefined) {
    const at = x(o.target);
    rows.push(svgLine('target', [at, 0], [at, bottom]));
    rows.push(svgText(at, bottom + 13, `target ${o.format(o.target)}`, { 'text-anchor': 'middle' }));
  }
  const key = legend(names, bottom + 22);
  const label = `${o.unit}: ${o.bars.map((bar) => `${bar.label} ${o.format(bar.total)}`).join(', ')}`;
  return svgPicture(WIDTH, bottom + 24 + key.height, label, [...rows, key.markup]);
}

function legend(names: readonly string[], top: number): { markup: string; height: number } {
  const perRow = 3;
  const items = names.map((name, n) => {
    const [x, y] = [(n % perRow) * (WIDTH / perRow), top + Math.floor(n / perRow) * 18];
    const sample = svgRect({ x, y, width: 14, height: 12 }, { fill: stripesOf(n) });
    return sample + svgText(x + 20, y + 11, name, { class: 'ink' });
  });
  return { markup: items.join(''), height: Math.ceil(names.length / perRow) * 18 };
}

const HEIGHT = 200;
const LEFT = 52;
const RIGHT = WIDTH - 160;

/** A line over seconds; values that are not finite are left out. */
export type Line = { name: string; points: readonly { x: number; y: number }[] };

/** Lines over seconds, each named at its end. */
export function lineChart(title: string, lines: readonly Line[]): string {
  const finite = lines.map(({ points }) => points.filter(({ y }) => Number.isFinite(y)));
  const most = (values: readonly number[]) => Math.max(1, ...values);
  const [mostX, mostY] = [most(finite.flat().map(({ x }) => x)), most(finite.flat().map(({ y }) => y))];
  const x = linearScale([0, mostX], [LEFT, RIGHT]);
  const y = linearScale([0, mostY * 1.1], [HEIGHT - 28, 28]);
  const labels = spreadLabels(lines.map(({ points }) => y(points.at(-1)?.y || 0)));
  const drawn = lines.map(({ name }, n) => {
    const look = { stroke: colourOf(n), 'stroke-width': 2, 'stroke-dasharray': dashes[n % dashes.length] };
    const label = labels[n] ?? 0;
    const line = linePath((finite[n] ?? []).map((point) => ({ x: x(point.x), y: y(point.y) })));
    const sample = element('path', { d: `M${RIGHT + 6} ${label}h18`, ...look });
    return element('path', { d: line, ...look }) + sample + svgText(RIGHT + 28, label + 4, name, { class: 'ink' });
  });
  const ticks = [0, mostY / 2, mostY].map((at) => ({ at, label: at.toFixed(at < 10 ? 1 : 0) }));
  return svgPicture(WIDTH, HEIGHT, title, [
    svgText(0, 14, title, { class: 'title' }),
    svgGrid(ticks, y, LEFT, RIGHT),
    ...drawn,
    svgText(LEFT, HEIGHT - 8, '0 s'),
    svgText(RIGHT, HEIGHT - 8, `${mostX.toFixed(0)} s`, { 'text-anchor': 'end' }),
  ]);
}

/** Moves labels down so that none lies on another. */
function spreadLabels(wanted: readonly number[]): number[] {
  const placed = [...wanted];
  let last = Number.NEGATIVE_INFINITY;
  for (const [index, y] of [...wanted.entries()].sort((a, b) => a[1] - b[1])) {
    last = Math.max(y, last + 15);
    placed[index] = last;
  }
  return placed;
}
