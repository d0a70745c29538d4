import { darker, lighter, mix } from './colour.ts';
import type { Drawing } from './product-picture.ts';
import { circle, move, rect, ring, roundRect, stroke, svgPath, times } from './svg-builder.ts';

const PAPER = '#fbf6ea';

export const notebook: Drawing = (s, { main, second }) => {
  const cover = roundRect([-170, -230, 340, 460], 18);
  return (
    move(
      'translate(432 410) rotate(9)',
      svgPath(cover, '#2a2233', { opacity: 0.2, transform: 'translate(14 22)' }),
      rect([-162, -222, 336, 456], 14, PAPER),
      svgPath(cover, s.slant([0, lighter(second, 0.2)], [1, darker(second, 0.15)])),
      rect([-170, -230, 38, 460], 16, darker(second, 0.25), { opacity: 0.5 }),
    ) +
    move(
      'translate(388 400) rotate(-7)',
      svgPath(cover, '#2a2233', { opacity: 0.26, transform: 'translate(16 24)' }),
      svgPath(roundRect([-158, -222, 336, 458], 14), '#e9dfcb'),
      times(4, (i) =>
        stroke(`M170 ${-200}V${228 - i}`, i % 2 ? '#d8ccb4' : '#f8f1e2', 2, { transform: `translate(${2 + i * 2} 4)` }),
      ),
      svgPath(cover, s.slant([0, lighter(main, 0.28)], [0.5, main], [1, darker(main, 0.2)])),
      rect([-170, -230, 42, 460], 16, darker(main, 0.3), { opacity: 0.45 }),
      stroke('M-124 -228V228', darker(main, 0.4), 3, { opacity: 0.5 }),
      rect([-50, -150, 150, 80], 8, lighter(main, 0.75)),
      rect([-30, -126, 110, 7], 3, main, { opacity: 0.7 }),
      rect([-30, -102, 74, 7], 3, main, { opacity: 0.45 }),
      rect([122, -232, 16, 464], 2, darker(second, 0.15)),
      svgPath('M40 230L40 292L52 280L64 292V230z', mix(second, '#c4512f', 0.5)),
    )
  );
};

export const planner: Drawing = (s, { main, second }) =>
  move(
    'translate(400 410) rotate(-4)',
    svgPath(roundRect([-280, -210, 560, 430], 12), '#2a2233', { opacity: 0.24, transform: 'translate(14 22)' }),
    times(4, (i) => rect([-280 + i, -204 + i * 3, 560, 430], 10, i % 2 ? '#e6dcc6' : '#f3ecdc')),
    rect([-280, -210, 560, 430], 10, s.slant([0, '#ffffff'], [1, '#f7f0e2'])),
    rect([-280, -210, 560, 62], 10, main),
    rect([-256, -188, 150, 18], 6, PAPER, { opacity: 0.9 }),
    times(
      16,
      (i) => circle(-262 + i * 35, -206, 9, '#3b3d42') + rect([-266 + i * 35, -238, 8, 36], 4, s.metal('#c9cdd2')),
    ),
    times(
      7,
      (i) =>
        rect([-264 + i * 76, -126, 68, 22], 6, mix(main, '#ffffff', i > 4 ? 0.45 : 0.72)) +
        rect([-252 + i * 76, -118, 34, 6], 3, darker(main, 0.1), { opacity: 0.8 }),
    ),
    times(6, (i) => rect([-190 + i * 76, -126, 2, 320], 0, '#ded4c0')),
    times(7, (i) => times(6, (j) => rect([-262 + i * 76, -78 + j * 34, 62, 2], 0, '#e6ddcb'))),
    rect([-260, -72, 58, 44], 6, mix(second, '#ffffff', 0.25)),
    rect([-184, -38, 58, 72], 6, mix(main, '#ffffff', 0.5)),
    rect([-32, -72, 58, 28], 6, mix('#e3bd4a', '#ffffff', 0.2)),
    rect([44, 28, 58, 64], 6, mix(second, '#ffffff', 0.4)),
    rect([120, -4, 58, 34], 6, mix(main, '#ffffff', 0.35)),
    rect([-264, 140, 520, 56], 8, mix(second, '#ffffff', 0.75)),
    stroke('M-244 160h120M-244 178h70M-60 160h150M-60 178h96', darker(second, 0.1), 5, { opacity: 0.55 }),
  ) +
  move(
    'translate(560 640) rotate(-38)',
    rect([-150, -12, 290, 24], 4, '#2a2233', { opacity: 0.2, transform: 'translate(8 16)' }),
    rect([-150, -13, 250, 26], 4, s.down([0, lighter(second, 0.4)], [0.4, second], [1, darker(second, 0.3)])),
    rect([-172, -13, 26, 26], 8, '#e7a3a0'),
    rect([-150, -13, 14, 26], 0, s.metal('#c9cdd2')),
    svgPath('M100 -13L150 0L100 13z', '#f0d6ac'),
    svgPath('M134 -4L150 0L134 4z', '#34363b'),
  );

export const scissors: Drawing = (s, { main }) => {
  const blade = 'M-16 -10L-2 -300Q18 -276 22 -220L26 0L12 40H-14z';
  const grip =
    'M-12 30C-20 70 -70 100 -92 160S-76 280 -24 276S40 200 30 130L24 30zM-34 150C-8 130 8 160 2 190S-26 250 -46 236S-58 170 -34 150z';
  const half = (turn: number) =>
    svgPath(blade, s.across([0, '#f2f4f5'], [0.5, '#b5bcc3'], [1, '#8c949c']), {
      transform: turn < 0 ? 'scale(-1 1)' : 'scale(1 1)',
    }) +
    svgPath(grip, s.slant([0, lighter(main, 0.5)], [0.5, main], [1, darker(main, 0.3)]), {
      'fill-rule': 'evenodd',
      transform: turn < 0 ? 'scale(-1 1)' : 'scale(1 1)',
    });
  return (
    times(3, (i) =>
      move(
        `translate(${210 + i * 18} ${250 + i * 150}) rotate(${-12 + i * 9})`,
        rect([-90, -60, 180, 110], 6, '#2a2233', { opacity: 0.14, transform: 'translate(8 12)' }),
        rect([-90, -60, 180, 110], 6, ['#f3d9c4', '#d5dfcf', '#e8d9a8'][i] ?? '#ffffff'),
      ),
    ) +
    move(
      'translate(450 420) rotate(28) scale(1.05)',
      move(
        'translate(20 26)',
        move('rotate(17)', svgPath(`${blade}${grip}`, '#2a2233', { opacity: 0.16, 'fill-rule': 'evenodd' })),
        move(
          'rotate(-17)',
          svgPath(`${blade}${grip}`, '#2a2233', { opacity: 0.16, 'fill-rule': 'evenodd', transform: 'scale(-1 1)' }),
        ),
      ),
      move('rotate(-17)', half(-1)),
      move('rotate(17)', half(1)),
      circle(0, 0, 17, s.ball('#c9cdd2')),
      stroke('M-9 -5L9 5', '#6f767d', 3),
    )
  );
};

export const tapes: Drawing = (s, { main, second, third }) => {
  const roll = (x: number, y: number, r: number, colour: string, pattern: number) =>
    s.cast(ring(x, y, r), 10, 16, 9, 0.28) +
    circle(x, y, r, s.slant([0, lighter(colour, 0.3)], [0.5, colour], [1, darker(colour, 0.2)])) +
    times(4, (i) =>
      circle(x, y, r - 8 - i * (r * 0.08), 'none', {
        stroke: i % 2 ? darker(colour, 0.2) : lighter(colour, 0.4),
        'stroke-width': 2,
        opacity: 0.5,
      }),
    ) +
    times(pattern, (i) =>
      circle(
        x + Math.cos((i / pattern) * 6.283) * r * 0.8,
        y + Math.sin((i / pattern) * 6.283) * r * 0.8,
        r * 0.05,
        lighter(colour, 0.7),
      ),
    ) +
    circle(x, y, r * 0.56, '#d9bd94') +
    circle(x, y, r * 0.5, darker('#d9bd94', 0.25)) +
    circle(x + 4, y + 6, r * 0.48, '#e5ddcf');
  const strip = (place: string, colour: string, ink: (i: number) => string) =>
    move(
      place,
      svgPath('M0 0H230l-8 9l8 9l-8 9l8 9l-8 9l8 9H0l8 -9l-8 -9l8 -9l-8 -9l8 -9z', '#2a2233', {
        opacity: 0.14,
        transform: 'translate(4 6)',
      }),
      svgPath('M0 0H230l-8 9l8 9l-8 9l8 9l-8 9l8 9H0l8 -9l-8 -9l8 -9l-8 -9l8 -9z', colour, { opacity: 0.92 }),
      times(8, ink),
    );
  return (
    strip('translate(110 170) rotate(-10)', main, (i) => circle(26 + i * 26, 27, 8, lighter(main, 0.65))) +
    strip('translate(470 640) rotate(-8)', second, (i) =>
      stroke(`M${20 + i * 26} 48L${34 + i * 26} 8`, lighter(second, 0.6), 6),
    ) +
    roll(290, 400, 150, main, 18) +
    roll(560, 330, 124, second, 0) +
    roll(470, 570, 108, third, 14) +
    roll(226, 640, 84, '#d8a24a', 0)
  );
};
