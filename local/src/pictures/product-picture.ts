import { darker, lighter, mix } from './colour.ts';
import { circle, createSvgBuilder, ellipse, type Ink, move, rect, type SvgBuilder, svgPath } from './svg-builder.ts';

/** Where a product is shown: standing on a table, on a wall, lying flat seen from above, or lit in the dark. */
export type Setting = 'table' | 'wall' | 'flat' | 'night';

/** The colours that a drawing is made in; what they colour is up to the drawing. */
export type Tints = { main: string; second: string; third: string };

/** Draws a product in the given colours. The table's edge lies at y = 560; things stand at about y = 650. */
export type Drawing = (sketch: SvgBuilder, tints: Tints) => Ink;

/** What a whole picture is made from. */
export type PictureOf = { setting: Setting; tone: string; draw: Drawing; tints: Tints; title: string };

/** What stands or hangs is brought a little nearer, to fill the picture. */
const NEARER: Partial<Record<Setting, string>> = {
  table: 'translate(400 664) scale(1.13) translate(-400 -650)',
  wall: 'translate(400 410) scale(1.1) translate(-400 -410)',
};

/** A whole picture as SVG text: no script, no style sheet, nothing loaded from elsewhere. */
export function drawPicture({ setting, tone, draw, tints, title }: PictureOf): string {
  const sketch = createSvgBuilder();
  const drawn = draw(sketch, tints);
  const nearer = NEARER[setting];
  const inside = backdrops[setting](sketch, tone) + (nearer ? move(nearer, drawn) : drawn);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800" role="img" aria-label="${escaped(title)}">` +
    `<title>${escaped(title)}</title><defs>${sketch.defs.join('')}</defs>${inside}</svg>\n`
  );
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const backdrops: Record<Setting, (s: SvgBuilder, tone: string) => Ink> = {
  table: (s, tone) =>
    rect([0, 0, 800, 800], 0, s.down([0, lighter(tone, 0.3)], [0.72, tone])) +
    circle(400, 350, 285, lighter(tone, 0.55), { opacity: 0.6 }) +
    rect([0, 560, 800, 240], 0, s.down([0, darker(tone, 0.13)], [1, darker(tone, 0.04)])) +
    rect([0, 560, 800, 3], 0, darker(tone, 0.2), { opacity: 0.35 }),
  wall: (s, tone) =>
    rect([0, 0, 800, 800], 0, s.slant([0, lighter(tone, 0.4)], [0.6, tone], [1, darker(tone, 0.1)])) +
    svgPath('M0 0H420L60 800H0z', lighter(tone, 0.7), { opacity: 0.28 }) +
    svgPath('M520 0H600L240 800H160z', lighter(tone, 0.7), { opacity: 0.16 }),
  flat: (s, tone) =>
    rect(
      [0, 0, 800, 800],
      0,
      s.radial(
        [
          [0, lighter(tone, 0.35)],
          [0.6, tone],
          [1, darker(tone, 0.1)],
        ],
        0.35,
        0.3,
        0.9,
      ),
    ) + circle(400, 400, 330, lighter(tone, 0.4), { opacity: 0.35 }),
  night: (s, tone) =>
    rect([0, 0, 800, 800], 0, s.down([0, darker(tone, 0.3)], [0.72, tone])) +
    rect([0, 590, 800, 210], 0, s.down([0, darker(mix(tone, '#7a4a2a', 0.35), 0.25)], [1, darker(tone, 0.5)])) +
    ellipse(400, 592, 420, 3, lighter(tone, 0.4), { opacity: 0.25 }),
};
