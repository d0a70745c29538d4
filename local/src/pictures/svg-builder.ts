import { darker, lighter } from './colour.ts';

/** A piece of SVG text. */
export type Ink = string;

type Attributes = Record<string, string | number | undefined>;
type Stop = readonly [offset: number, colour: string, opacity?: number];

/** Collects what a drawing defines (gradients, clips, filters) while it is made. One for each picture. */
export type SvgBuilder = ReturnType<typeof createSvgBuilder>;

/** Keeps a definition, made for the id that it gets, and returns how to refer to it. */
type Define = (make: (id: string) => string) => string;

/** Starts an empty drawing. Light falls from the upper left; the canvas is 800 by 800. */
export function createSvgBuilder() {
  const defs: string[] = [];
  const define: Define = (make) => {
    const id = `d${defs.length}`;
    defs.push(make(id));
    return `url(#${id})`;
  };
  const gradients = createGradients(define);
  return { defs, ...gradients, ...createMaterials(gradients), ...createEffects(define, gradients) };
}

type Gradients = ReturnType<typeof createGradients>;

function createGradients(define: Define) {
  const gradient = (stops: readonly Stop[], x2: number, y2: number) =>
    define((id) => `<linearGradient id="${id}" x1="0" y1="0" x2="${x2}" y2="${y2}">${stopsOf(stops)}</linearGradient>`);
  const radial = (stops: readonly Stop[], cx: number, cy: number, r: number) =>
    define((id) => `<radialGradient id="${id}" cx="${cx}" cy="${cy}" r="${r}">${stopsOf(stops)}</radialGradient>`);
  return {
    /** Along the line from a corner to a point, in shares of the box that it fills. */
    gradient,
    /** From left to right. */
    across: (...stops: Stop[]) => gradient(stops, 1, 0),
    /** From top to bottom. */
    down: (...stops: Stop[]) => gradient(stops, 0, 1),
    /** From the upper left to the lower right. */
    slant: (...stops: Stop[]) => gradient(stops, 1, 1),
    /** From a point outwards; all in shares of the box that it fills. */
    radial,
  };
}

/** What things are made of. */
// Long: a table of materials
function createMaterials({ gradient, radial }: Gradients) {
  return {
    /** An upright round body (mug, bottle, leg). */
    round: (colour: string, depth = 1) =>
      gradient(
        [
          [0, darker(colour, 0.1 * depth)],
          [0.22, lighter(colour, 0.24 * depth)],
          [0.5, colour],
          [0.82, darker(colour, 0.22 * depth)],
          [1, darker(colour, 0.34 * depth)],
        ],
        1,
        0,
      ),
    /** A ball, or anything that bulges towards the viewer. */
    ball: (colour: string, depth = 1) =>
      radial(
        [
          [0, lighter(colour, 0.34 * depth)],
          [0.45, colour],
          [1, darker(colour, 0.36 * depth)],
        ],
        0.36,
        0.3,
        0.78,
      ),
    /** Cloth, paper, a painted board: nearly flat. */
    soft: (colour: string, depth = 1) =>
      gradient(
        [
          [0, lighter(colour, 0.14 * depth)],
          [0.55, colour],
          [1, darker(colour, 0.14 * depth)],
        ],
        0.7,
        1,
      ),
    /** Polished metal, from left to right. */
    metal: (colour: string) =>
      gradient(
        [
          [0, darker(colour, 0.28)],
          [0.18, lighter(colour, 0.5)],
          [0.38, colour],
          [0.62, lighter(colour, 0.28)],
          [0.84, darker(colour, 0.22)],
          [1, darker(colour, 0.4)],
        ],
        1,
        0,
      ),
    /** Light that fades out. */
    glow: (colour: string, strength = 0.9) =>
      radial(
        [
          [0, colour, strength],
          [0.4, colour, strength * 0.4],
          [1, colour, 0],
        ],
        0.5,
        0.5,
        0.5,
      ),
  };
}

function createEffects(define: Define, { radial }: Gradients) {
  return {
    /** The soft shadow under something that stands. */
    shadow: (cx: number, cy: number, rx: number, ry = rx * 0.12): Ink =>
      ellipse(
        cx,
        cy,
        rx,
        ry,
        radial(
          [
            [0, '#2a2233', 0.42],
            [0.55, '#2a2233', 0.22],
            [1, '#2a2233', 0],
          ],
          0.5,
          0.5,
          0.5,
        ),
      ),
    /** The shadow of a flat thing on what it lies on or hangs before. */
    cast: (d: string, dx = 10, dy = 16, blur = 10, opacity = 0.28): Ink => {
      const filter = define(
        (id) =>
          `<filter id="${id}" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="${blur}"/></filter>`,
      );
      return svgPath(d, '#2a2233', { transform: `translate(${dx} ${dy})`, opacity, filter });
    },
    /** Shows `inside` only where the outline `d` is. */
    clip: (d: string, ...inside: Ink[]): Ink => {
      const url = define((id) => `<clipPath id="${id}"><path d="${d}"/></clipPath>`);
      return tag('g', { 'clip-path': url }, inside.join(''));
    },
  };
}

function stopsOf(stops: readonly Stop[]): string {
  return stops
    .map(([offset, colour, opacity]) => tag('stop', { offset, 'stop-color': colour, 'stop-opacity': opacity }))
    .join('');
}

function tag(name: string, attributes: Attributes, inside = ''): Ink {
  const text = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? Math.round(value * 100) / 100 : value}"`)
    .join('');
  return inside === '' ? `<${name}${text}/>` : `<${name}${text}>${inside}</${name}>`;
}

export function svgPath(d: string, fill: string, more: Attributes = {}): Ink {
  return tag('path', { d: d.replace(/\s+/g, ' ').trim(), fill, ...more });
}

/** A line along a path, with round ends. */
export function stroke(d: string, colour: string, width: number, more: Attributes = {}): Ink {
  return svgPath(d, 'none', {
    stroke: colour,
    'stroke-width': width,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    ...more,
  });
}

export function circle(cx: number, cy: number, r: number, fill: string, more: Attributes = {}): Ink {
  return tag('circle', { cx, cy, r, fill, ...more });
}

export function ellipse(cx: number, cy: number, rx: number, ry: number, fill: string, more: Attributes = {}): Ink {
  return tag('ellipse', { cx, cy, rx, ry, fill, ...more });
}

type Box = readonly [x: number, y: number, width: number, height: number];

export function rect([x, y, width, height]: Box, rx: number, fill: string, more: Attributes = {}): Ink {
  return tag('rect', { x, y, width, height, rx: rx || undefined, fill, ...more });
}

/** The outline of a rectangle with round corners, for `clip` and `cast`. */
export function roundRect([x, y, w, h]: Box, r: number): string {
  return `M${x + r} ${y}h${w - 2 * r}a${r} ${r} 0 0 1 ${r} ${r}v${h - 2 * r}a${r} ${r} 0 0 1 ${-r} ${r}h${2 * r - w}a${r} ${r} 0 0 1 ${-r} ${-r}v${2 * r - h}a${r} ${r} 0 0 1 ${r} ${-r}z`;
}

/** The outline of a circle, for `clip` and `cast`. */
export function ring(cx: number, cy: number, r: number): string {
  return `M${cx - r} ${cy}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
}

export function move(transform: string, ...inside: Ink[]): Ink {
  return tag('g', { transform }, inside.join(''));
}

export function faded(opacity: number, ...inside: Ink[]): Ink {
  return tag('g', { opacity }, inside.join(''));
}

/** `count` numbers from 0 up to 1 in no order that one sees, the same ones each time. */
export function scatter(count: number, seed = 7): number[] {
  let state = seed * 7919 + 17;
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  });
}

/** `draw` for 0, 1, … `count - 1`, joined. */
export function times(count: number, draw: (index: number) => Ink): Ink {
  return Array.from({ length: count }, (_, index) => draw(index)).join('');
}
