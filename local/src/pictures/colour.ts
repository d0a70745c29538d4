type Lab = readonly [lightness: number, a: number, b: number];

/** Warm light and cool shade: what the drawings lighten and darken with. */
const LIGHT = '#fffaf0';
const SHADE = '#1d1b2d';

/** Mixes two `#rrggbb` colours; `share` (0 to 1) is how much of the second. In OKLab, where halves look like halves. */
export function mix(first: string, second: string, share: number): string {
  const a = toLab(first);
  const b = toLab(second);
  return toHex([a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share]);
}

/** Nearer to the light by `share` (0 to 1). */
export function lighter(colour: string, share: number): string {
  return mix(colour, LIGHT, share);
}

/** Nearer to the shade by `share` (0 to 1). */
export function darker(colour: string, share: number): string {
  return mix(colour, SHADE, share);
}

function channels(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [linear((value >> 16) & 255), linear((value >> 8) & 255), linear(value & 255)];
}

function linear(channel: number): number {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

function encoded(c: number): number {
  const value = c <= 0.0031308 ? c * 12.92 : 1.055 * c ** (1 / 2.4) - 0.055;
  return Math.round(Math.min(1, Math.max(0, value)) * 255);
}

/** Source of the constants: https://bottosson.github.io/posts/oklab/ */
function toLab(colour: string): Lab {
  const [r, g, b] = channels(colour);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function toHex([lightnessOf, a, b]: Lab): string {
  const l = (lightnessOf + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightnessOf - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightnessOf - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const rgb = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return `#${rgb.map((c) => encoded(c).toString(16).padStart(2, '0')).join('')}`;
}
