/** Where a value lies on the page, in pixels. */
export type Scale = (value: number) => number;

export type Tick = { at: number; label: string };

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? '&#39;');

export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [from, to] = domain;
  const [start, end] = range;
  return (value) => start + ((value - from) / (to - from || 1)) * (end - start);
}

/** For values that differ by factors; what is smaller than the domain lies at its beginning. */
export function logarithmic(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const scale = linear([Math.log10(domain[0]), Math.log10(domain[1])], range);
  return (value) => scale(Math.log10(Math.max(value, domain[0])));
}

/** A round number that is not less, of 1, 2 or 5 and zeros. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10;
  return step * power;
}

const px = (value: number): string => String(Math.round(value * 10) / 10);

type Point = { x: number; y: number | undefined };

/** The d attribute of a line; a point without a value leaves a gap. */
export function linePath(points: readonly Point[]): string {
  let path = '';
  let isDown = false;
  for (const { x, y } of points) {
    if (y !== undefined) path += `${isDown ? 'L' : 'M'}${px(x)} ${px(y)}`;
    isDown = y !== undefined;
  }
  return path;
}

/** The same, filled down to `base`. */
export function areaPath(points: readonly Point[], base: number): string {
  const there = points.filter((point) => point.y !== undefined);
  const [first, last] = [there[0], there.at(-1)];
  if (!first || !last) return '';
  return `${linePath(there)}L${px(last.x)} ${px(base)}L${px(first.x)} ${px(base)}Z`;
}

/** Bars from `base` up to each point, as one path. */
export function barsPath(points: readonly Point[], base: number, width: number): string {
  return points
    .filter(({ y }) => y !== undefined && y < base)
    .map(({ x, y = base }) => `M${px(x)} ${px(base)}V${px(y)}h${px(width)}V${px(base)}Z`)
    .join('');
}

export function rect(o: {
  x: number;
  y: number;
  width: number;
  height: number;
  className: string;
  title?: string;
}): string {
  const inside = o.title === undefined ? '/>' : `><title>${escapeHtml(o.title)}</title></rect>`;
  return `<rect class="${o.className}" x="${px(o.x)}" y="${px(o.y)}" width="${px(Math.max(o.width, 1))}" height="${px(o.height)}"${inside}`;
}

export function svgText(o: {
  x: number;
  y: number;
  className: string;
  anchor?: 'start' | 'middle' | 'end';
  says: string;
}): string {
  const anchor = o.anchor ? ` text-anchor="${o.anchor}"` : '';
  return `<text class="${o.className}" x="${px(o.x)}" y="${px(o.y)}"${anchor}>${escapeHtml(o.says)}</text>`;
}

export const svgPath = (className: string, d: string): string =>
  d === '' ? '' : `<path class="${className}" d="${d}"/>`;

export function horizontal(y: number, from: number, to: number, className: string): string {
  return `<line class="${className}" x1="${px(from)}" x2="${px(to)}" y1="${px(y)}" y2="${px(y)}"/>`;
}

export function vertical(x: number, from: number, to: number, className: string): string {
  return `<line class="${className}" x1="${px(x)}" x2="${px(x)}" y1="${px(from)}" y2="${px(to)}"/>`;
}
