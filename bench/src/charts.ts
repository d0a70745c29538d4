/** Drawings of figures as SVG text. Parts and lines differ by pattern and dash as well as by colour, and are labelled. */

export type Row = { label: string; parts: readonly { name: string; value: number }[]; total: number };

const WIDTH = 560;
const LABEL = 190;
const VALUE = 64;
const ROW = 26;
const COLOURS = 6;

/** Text as it may stand in HTML and in its attributes. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Stripes of six kinds, so that parts can be told apart in one colour; defined anew in each drawing under a prefix. */
function patterns(prefix: string): string {
  const marks = [
    '',
    '<path d="M0 8L8 0" class="mark"/>',
    '<path d="M4 0V8" class="mark"/>',
    '<path d="M0 4H8" class="mark"/>',
    '<circle cx="4" cy="4" r="1.4" class="dot"/>',
    '<path d="M0 0L8 8M0 8L8 0" class="mark"/>',
  ];
  const style = '<style>.mark{stroke:var(--paper);stroke-width:1.4;fill:none}.dot{fill:var(--paper)}</style>';
  const all = marks.map(
    (mark, n) =>
      `<pattern id="${prefix}${n}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="var(--c${n})"/>${mark}</pattern>`,
  );
  return `<defs>${style}${all.join('')}</defs>`;
}

let drawings = 0;

/** Bars that lie, each of parts, with their totals in figures and a line at the target. */
export function bars(o: {
  unit: string;
  format: (value: number) => string;
  target?: number;
  rows: readonly Row[];
}): string {
  const prefix = `p${drawings++}-`;
  const most = Math.max(o.target ?? 0, ...o.rows.map(({ total }) => total)) * 1.04;
  const room = WIDTH - LABEL - VALUE;
  const x = (value: number) => LABEL + (value / most) * room;
  const names = [...new Set(o.rows.flatMap(({ parts }) => (parts.length > 1 ? parts.map(({ name }) => name) : [])))];
  const shown = o.rows.map(({ label, parts, total }, n) => {
    const y = n * ROW + 4;
    let from = 0;
    const pieces = parts.map(({ name, value }) => {
      const piece = `<rect x="${x(from).toFixed(1)}" y="${y}" width="${((value / most) * room).toFixed(1)}" height="${ROW - 8}"
fill="url(#${prefix}${Math.max(0, names.indexOf(name)) % COLOURS})"><title>${escaped(name)} ${o.format(value)} ${o.unit}</title></rect>`;
      from += value;
      return piece;
    });
    return `<text x="${LABEL - 8}" y="${y + 13}" text-anchor="end">${escaped(label)}</text>${pieces.join('')}
<text x="${x(Math.max(total, from)) + 6}" y="${y + 13}">${o.format(total)}</text>`;
  });
  const bottom = o.rows.length * ROW + 4;
  const line =
    o.target === undefined
      ? ''
      : `<line class="target" x1="${x(o.target)}" x2="${x(o.target)}" y1="0" y2="${bottom}"/><text class="faint" x="${x(o.target)}" y="${bottom + 13}" text-anchor="middle">target ${o.format(o.target)}</text>`;
  const key = legend(names, prefix, bottom + 22);
  return `<svg viewBox="0 0 ${WIDTH} ${bottom + 24 + key.height}" role="img" aria-label="${o.unit}: ${escaped(
    o.rows.map(({ label, total }) => `${label} ${o.format(total)}`).join(', '),
  )}">${patterns(prefix)}${shown.join('')}${line}${key.text}</svg>`;
}

function legend(names: readonly string[], prefix: string, top: number): { text: string; height: number } {
  const perRow = 3;
  const cell = WIDTH / perRow;
  const items = names.map((name, n) => {
    const [left, y] = [(n % perRow) * cell, top + Math.floor(n / perRow) * 18];
    return `<rect x="${left}" y="${y}" width="14" height="12" fill="url(#${prefix}${n % COLOURS})"/><text x="${left + 20}" y="${y + 11}">${escaped(name)}</text>`;
  });
  return { text: items.join(''), height: Math.ceil(names.length / perRow) * 18 };
}

export type Line = { name: string; points: readonly { x: number; y: number }[] };

const DASHES = ['', '6 3', '2 3', '8 3 2 3', '1 2', '10 4'];
const HEIGHT = 200;
const LEFT = 52;

/** Lines over seconds, each named at its end. */
export function lines(title: string, list: readonly Line[]): string {
  const points = list.flatMap((line) => line.points).filter(({ y }) => Number.isFinite(y));
  const [mostX, mostY] = [Math.max(1, ...points.map(({ x }) => x)), Math.max(1, ...points.map(({ y }) => y)) * 1.1];
  const right = WIDTH - 160;
  const x = (value: number) => LEFT + (value / mostX) * (right - LEFT);
  const y = (value: number) => 28 + (1 - value / mostY) * (HEIGHT - 56);
  const ends = list.map((line) => y(line.points.at(-1)?.y || 0));
  const drawn = list.map((line, n) => {
    const finite = line.points.filter((point) => Number.isFinite(point.y));
    const path = finite.map((point, at) => `${at === 0 ? 'M' : 'L'}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`);
    const label = spread(ends, n);
    return `<path d="${path.join('')}" fill="none" stroke="var(--c${n % COLOURS})" stroke-width="2" stroke-dasharray="${DASHES[n % DASHES.length]}"/>
<line x1="${right + 6}" x2="${right + 24}" y1="${label}" y2="${label}" stroke="var(--c${n % COLOURS})" stroke-width="2" stroke-dasharray="${DASHES[n % DASHES.length]}"/>
<text x="${right + 28}" y="${label + 4}">${escaped(line.name)}</text>`;
  });
  const ticks = [0, 0.5, 1].map((share) => {
    const value = (mostY / 1.1) * share;
    return `<line class="axis" x1="${LEFT}" x2="${right}" y1="${y(value)}" y2="${y(value)}"/><text class="faint" x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${value < 10 ? value.toFixed(1) : value.toFixed(0)}</text>`;
  });
  const foot = `<text class="faint" x="${LEFT}" y="${HEIGHT - 8}">0 s</text><text class="faint" x="${right}" y="${HEIGHT - 8}" text-anchor="end">${mostX.toFixed(0)} s</text>`;
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}"><text x="0" y="14" font-weight="600">${escaped(title)}</text>${ticks.join('')}${drawn.join('')}${foot}</svg>`;
}

/** Where a label goes, so that none lies on another. */
function spread(ends: readonly number[], n: number): number {
  const order = ends.map((end, index) => ({ end, index })).sort((a, b) => a.end - b.end);
  let last = Number.NEGATIVE_INFINITY;
  for (const { end, index } of order) {
    last = Math.max(end, last + 15);
    if (index === n) return last;
  }
  return last;
}
