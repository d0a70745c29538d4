import { darker, lighter } from './colour.ts';
import type { Drawing } from './product-picture.ts';
import { circle, ellipse, faded, move, rect, ring, stroke, svgPath, times } from './svg-builder.ts';

const BRASS = '#c9a25a';
const WARM = '#ffe2a0';

export const deskLamp: Drawing = (s, { main }) => {
  const head = 'M452 190L560 262Q604 330 560 372L392 250Q404 194 452 190z';
  return move(
    'translate(400 640) scale(1.16) translate(-412 -628)',
    svgPath('M392 262L572 378L700 600Q500 640 330 600z', s.down([0, WARM, 0.55], [1, WARM, 0.04])) +
      ellipse(515, 606, 190, 26, s.glow(WARM, 0.8)) +
      s.shadow(262, 636, 170, 22) +
      rect([168, 606, 190, 30], 14, s.metal(main)) +
      stroke('M258 606L206 388', darker(main, 0.3), 22) +
      stroke('M256 604L204 388', lighter(main, 0.25), 8) +
      stroke('M206 384L440 240', darker(main, 0.3), 20) +
      stroke('M206 382L440 238', lighter(main, 0.25), 7) +
      circle(206, 386, 22, s.ball(BRASS)) +
      circle(258, 606, 18, s.ball(BRASS)) +
      ellipse(478, 312, 106, 34, '#fff3cf', { transform: 'rotate(36 478 312)' }) +
      circle(482, 318, 40, s.glow('#ffffff', 1)) +
      svgPath(head, s.slant([0, lighter(main, 0.5)], [0.45, main], [1, darker(main, 0.4)])) +
      circle(446, 214, 20, s.ball(BRASS)) +
      rect([520, 560, 130, 22], 4, '#7d94a6') +
      rect([508, 582, 150, 24], 4, '#d8a06a') +
      rect([526, 582, 8, 24], 0, '#f6e6c8', { opacity: 0.7 }),
  );
};

export const pendant: Drawing = (s, { main }) => {
  const shade = 'M210 380C214 270 300 206 372 198H428C500 206 586 270 590 380Q400 400 210 380z';
  return (
    svgPath('M216 384L120 610H680L584 384z', s.down([0, WARM, 0.5], [1, WARM, 0.05])) +
    ellipse(400, 618, 280, 36, s.glow(WARM, 0.75)) +
    stroke('M400 0V150', '#191722', 7) +
    rect([380, 140, 40, 62], 10, s.metal(BRASS)) +
    svgPath(shade, s.round(main)) +
    svgPath('M262 350Q272 270 336 228L352 232Q296 274 288 352z', '#ffffff', { opacity: 0.22 }) +
    ellipse(400, 382, 190, 22, darker(main, 0.4)) +
    ellipse(400, 384, 178, 18, '#fff4d2') +
    circle(400, 396, 46, s.glow('#ffffff', 1)) +
    s.clip('M200 384H600V480H200z', circle(400, 384, 32, '#fffdf2')) +
    s.shadow(400, 646, 120, 14) +
    svgPath('M296 600Q306 644 350 644H450Q494 644 504 600z', s.round('#efe6d6')) +
    ellipse(400, 600, 104, 14, '#fffaf0') +
    times(4, (i) => circle(346 + i * 36, 592 - (i % 2) * 12, 24, s.ball(i % 2 ? '#e0a33c' : '#cf7a35'))) +
    svgPath('M298 606Q400 628 502 606Q498 618 494 622Q400 640 306 622z', '#efe6d6')
  );
};

export const globeLamp: Drawing = (s, { main }) =>
  circle(400, 340, 330, s.glow(WARM, 0.75)) +
  ellipse(400, 640, 260, 30, s.glow(WARM, 0.5)) +
  s.shadow(400, 648, 150, 20) +
  svgPath('M300 646Q302 622 340 616L376 604V520H424V604L460 616Q498 622 500 646z', s.metal(main)) +
  ellipse(400, 646, 100, 9, darker(main, 0.35)) +
  circle(
    400,
    350,
    186,
    s.radial(
      [
        [0, '#ffffff'],
        [0.5, '#fff3cf'],
        [0.85, '#ffdc92'],
        [1, '#f2bd66'],
      ],
      0.46,
      0.44,
      0.6,
    ),
  ) +
  ellipse(400, 528, 62, 14, s.metal(main)) +
  svgPath('M270 290Q292 220 350 196Q312 240 296 304z', '#ffffff', { opacity: 0.75 });

export const mushroomLamp: Drawing = (s, { main, second }) =>
  circle(400, 400, 340, s.glow(WARM, 0.5)) +
  ellipse(400, 640, 280, 34, s.glow(WARM, 0.7)) +
  s.shadow(400, 648, 150, 20) +
  svgPath(
    'M352 420Q366 540 312 646H488Q434 540 448 420z',
    s.across([0, darker(second, 0.2)], [0.3, '#fff6df'], [0.6, second], [1, darker(second, 0.35)]),
  ) +
  svgPath('M352 420Q360 500 344 566H456Q440 500 448 420z', s.down([0, '#fff4cf', 0.9], [1, '#fff4cf', 0])) +
  ellipse(400, 646, 88, 10, darker(second, 0.25)) +
  svgPath(
    'M172 420C164 280 280 180 400 180S636 280 628 420Q626 436 600 440Q400 462 200 440Q174 436 172 420z',
    s.radial(
      [
        [0, lighter(main, 0.55)],
        [0.4, lighter(main, 0.12)],
        [1, darker(main, 0.3)],
      ],
      0.45,
      0.5,
      0.72,
    ),
  ) +
  svgPath('M190 424Q400 452 610 424Q616 438 596 442Q400 462 204 442Q184 438 190 424z', '#ffe9b5', { opacity: 0.85 }) +
  svgPath('M232 330Q258 248 336 214Q286 268 270 344z', '#ffffff', { opacity: 0.4 }) +
  circle(400, 560, 7, '#fffbe8');

export const stringLights: Drawing = (s, { main }) => {
  const rows = [
    { y: 120, sag: 110, phase: 0 },
    { y: 270, sag: 130, phase: 0.07 },
    { y: 430, sag: 90, phase: 0.03 },
  ];
  const bulbs = rows.flatMap(({ y, sag, phase }) =>
    Array.from({ length: 6 }, (_, i) => {
      const t = 0.06 + phase + i * 0.155;
      return { x: t * 800, y: y + 4 * sag * t * (1 - t) * 0.5, lit: WARM };
    }),
  );
  return (
    svgPath(
      'M0 590Q60 500 120 560Q170 450 250 556Q330 480 390 566Q470 490 540 560Q620 460 690 552Q750 500 800 570V800H0z',
      '#14202a',
      { opacity: 0.75 },
    ) +
    rows.map(({ y, sag }) => stroke(`M-10 ${y}Q400 ${y + sag} 810 ${y}`, '#0f0f18', 5)).join('') +
    bulbs.map((b) => circle(b.x, b.y + 52, 84, s.glow(b.lit, 0.75))).join('') +
    bulbs
      .map(
        (b) =>
          rect([b.x - 10, b.y - 2, 20, 26], 5, s.metal(main)) +
          svgPath(
            `M${b.x - 10} ${b.y + 22}C${b.x - 36} ${b.y + 44} ${b.x - 26} ${b.y + 86} ${b.x} ${b.y + 88}S${b.x + 36} ${b.y + 44} ${b.x + 10} ${b.y + 22}z`,
            s.radial(
              [
                [0, '#ffffff'],
                [0.4, '#fff0c2'],
                [1, '#f5b95c'],
              ],
              0.5,
              0.55,
              0.6,
            ),
          ) +
          stroke(`M${b.x - 6} ${b.y + 40}l6 20l6 -20`, '#d98a2b', 2.5),
      )
      .join('') +
    s.shadow(400, 720, 260, 22) +
    rect([240, 650, 320, 22], 8, '#8a5a3a') +
    svgPath('M268 672L244 760H262L292 672zM532 672L556 760H538L508 672z', '#6d452c') +
    svgPath('M372 606H404L400 650H376z', s.round('#c9d6da')) +
    svgPath('M420 590H450V650H420z', s.round('#8fb09a'))
  );
};

export const floorLamp: Drawing = (s, { main, second }) => {
  const shade = 'M276 110H524L570 316H230z';
  return (
    circle(400, 250, 360, s.glow(WARM, 0.6)) +
    svgPath('M236 318L120 590H680L564 318z', s.down([0, WARM, 0.35], [1, WARM, 0.02])) +
    ellipse(400, 690, 280, 34, s.glow(WARM, 0.45)) +
    s.shadow(400, 712, 230, 18) +
    stroke('M404 380L408 690', darker(second, 0.35), 15) +
    stroke('M396 372L256 708', darker(second, 0.2), 16) +
    stroke('M393 372L253 706', lighter(second, 0.3), 6) +
    stroke('M404 372L544 708', darker(second, 0.35), 16) +
    stroke('M401 372L541 706', second, 6) +
    circle(400, 372, 24, s.ball(BRASS)) +
    rect([390, 312, 20, 50], 4, s.metal(BRASS)) +
    svgPath(
      shade,
      s.radial(
        [
          [0, '#fff8e2'],
          [0.5, lighter(main, 0.35)],
          [1, darker(main, 0.12)],
        ],
        0.5,
        0.6,
        0.62,
      ),
    ) +
    s.clip(
      shade,
      times(26, (i) => stroke(`M${284 + i * 9.2} 100L${238 + i * 13} 326`, darker(main, 0.35), 1.5, { opacity: 0.25 })),
    ) +
    rect([270, 104, 260, 13], 5, darker(main, 0.2)) +
    rect([226, 307, 348, 14], 5, darker(main, 0.2))
  );
};

export const paperLamp: Drawing = (s, { main }) => {
  const ball = ring(400, 350, 220);
  return (
    circle(400, 350, 390, s.glow(WARM, 0.55)) +
    stroke('M400 0V130', '#14131c', 5) +
    ellipse(400, 690, 300, 30, s.glow(WARM, 0.35)) +
    svgPath(
      ball,
      s.radial(
        [
          [0, '#ffffff'],
          [0.45, lighter(main, 0.6)],
          [0.85, main],
          [1, darker(main, 0.18)],
        ],
        0.48,
        0.52,
        0.56,
      ),
    ) +
    s.clip(
      ball,
      times(15, (i) =>
        stroke(`M160 ${150 + i * 29}Q400 ${150 + i * 29 + (i - 7) * 7} 640 ${150 + i * 29}`, darker(main, 0.4), 2.5, {
          opacity: 0.38,
        }),
      ),
    ) +
    ellipse(400, 136, 46, 9, '#2a2430') +
    ellipse(400, 565, 42, 8, '#fff9e6') +
    faded(0.5, ellipse(400, 565, 60, 14, s.glow('#ffffff', 1)))
  );
};
