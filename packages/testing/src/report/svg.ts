import { element, escapeHtml } from './html.ts';

/** Where a value lies in a picture, in pixels. */
export type Scale = (value: number) => number;

/** A value on an axis, with what is written beside it. */
export type Tick = { at: number; label: string };

/** From a domain of values to a range of pixels. */
export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [from, to] = domain;
  const [start, end] = range;
  return (value) => start + ((value - from) / (to - from || 1)) * (end - start);
}

/** For values that differ by factors; what is smaller than the domain lies at its beginning. */
export function logarithmicScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const scale = linearScale([Math.log10(domain[0]), Math.log10(domain[1])], range);
  return (value) => scale(Math.log10(Math.max(value, domain[0])));
}

/** A round number that is not less: 1, 2 or 5 times a power of ten. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10;
  return step * power;
}

/** A point of a line, in pixels; one without `y` has no value. */
export type Point = { x: number; y: number | undefined };

const px = (value: number): string => String(Math.round(value * 10) / 10);

/** The `d` attribute of a line; a point without a value leaves a gap. */
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

/** A whole picture; `label` says what it shows to whoever does not see it. */
export const svgPicture = (width: number, height: number, label: string, parts: readonly string[]): string =>
  element('svg', { viewBox: `0 0 ${px(width)} ${px(height)}`, role: 'img', 'aria-label': label }, parts.join(''));

type TextLook = { class?: string; 'text-anchor'?: 'middle' | 'end' };

/** A text, plain and not markup. */
export const svgText = (x: number, y: number, text: string, o: TextLook = {}): string =>
  element('text', { ...o, x, y }, escapeHtml(text));

type Box = { x: number; y: number; width: number; height: number };

/** A rectangle; `title` is shown under the pointer. */
export function svgRect(box: Box, { title, ...look }: { class?: string; fill?: string; title?: string }): string {
  return element('rect', { ...look, ...box }, title === undefined ? '' : element('title', {}, escapeHtml(title)));
}

/** A path of one class; none where there is nothing to draw. */
export const svgPath = (className: string, d: string): string =>
  d === '' ? '' : element('path', { class: className, d });

/** A straight line. */
export const svgLine = (className: string, [x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]) =>
  element('line', { class: className, x1, x2, y1, y2 });

/** A line across the picture at each tick, with its label to the left. */
export function svgGrid(ticks: readonly Tick[], y: Scale, left: number, right: number): string {
  const lines = ticks.map(({ at, label }) => {
    const line = svgLine('grid', [left, y(at)], [right, y(at)]);
    return line + svgText(left - 10, y(at) + 4, label, { 'text-anchor': 'end' });
  });
  return lines.join('');
}
