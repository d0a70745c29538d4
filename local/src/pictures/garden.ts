// Long: drawings, one after the other
import { darker, lighter } from './colour.ts';
import type { Drawing } from './product-picture.ts';
import {
  circle,
  ellipse,
  faded,
  move,
  rect,
  roundRect,
  type SvgBuilder,
  scatter,
  stroke,
  svgPath,
  times,
} from './svg-builder.ts';

const TERRACOTTA = '#c4694a';
const LEAF = '#6f9457';

const leafShape = 'M0 0C18 -34 66 -40 92 -4C66 26 18 26 0 0z';
const leaf = (s: SvgBuilder, x: number, y: number, turn: number, size: number, colour: string) =>
  move(
    `translate(${x} ${y}) rotate(${turn}) scale(${size})`,
    svgPath(leafShape, s.soft(colour, 1.6)),
    stroke('M4 -1Q46 -10 86 -4', lighter(colour, 0.4), 2.5, { opacity: 0.7 }),
  );

export const wateringCan: Drawing = (s, { main }) => {
  const body = 'M300 380H540L552 630Q552 652 528 652H312Q288 652 288 630z';
  return (
    s.shadow(430, 654, 240, 26) +
    stroke('M300 560L168 348', darker(main, 0.25), 44) +
    stroke('M300 560L168 348', s.across([0, lighter(main, 0.2)], [1, darker(main, 0.1)]), 32) +
    stroke('M290 470L210 380', '#c9a25a', 10) +
    svgPath('M112 352L206 282L218 304Q180 350 132 372z', s.metal('#c9a25a')) +
    ellipse(158, 316, 60, 18, '#e6c884', { transform: 'rotate(-37 158 316)' }) +
    times(12, (i) => circle(126 + (i % 6) * 13, 338 - (i % 6) * 10 - Math.floor(i / 6) * 8 + 6, 2.6, '#6d5220')) +
    stroke('M520 420C680 400 690 610 544 612', darker(main, 0.25), 26) +
    stroke('M520 418C672 402 680 604 544 608', lighter(main, 0.1), 16) +
    stroke('M330 390C330 260 510 260 510 390', darker(main, 0.25), 24) +
    stroke('M332 386C334 268 506 268 508 386', lighter(main, 0.15), 14) +
    svgPath(body, s.round(main)) +
    s.clip(
      body,
      svgPath('M326 380Q318 520 324 650H350Q344 520 354 380z', '#ffffff', { opacity: 0.3 }),
      rect([280, 430, 290, 9], 0, darker(main, 0.3), { opacity: 0.5 }),
      rect([280, 600, 290, 9], 0, darker(main, 0.3), { opacity: 0.5 }),
    ) +
    ellipse(420, 380, 120, 22, lighter(main, 0.25)) +
    svgPath('M302 382A118 20 0 0 1 420 360V402A118 20 0 0 1 302 382z', darker(main, 0.55)) +
    svgPath('M420 359A121 22 0 0 1 541 381A121 22 0 0 1 420 403z', lighter(main, 0.12))
  );
};

export const planter: Drawing = (s, { main, second }) => {
  const pot = 'M276 486H524L496 630Q492 652 470 652H330Q308 652 304 630z';
  return (
    s.shadow(400, 656, 210, 24) +
    times(9, (i) =>
      stroke(
        `M400 480Q${400 + (i - 4) * 30} ${360 - (i % 3) * 20} ${400 + (i - 4) * 62} ${260 + Math.abs(i - 4) * 42 - (i % 2) * 40}`,
        darker(second, 0.25),
        6,
      ),
    ) +
    times(9, (i) => {
      const [x, y] = [400 + (i - 4) * 62, 260 + Math.abs(i - 4) * 42 - (i % 2) * 40];
      return move(
        `translate(${x} ${y}) rotate(${(i - 4) * 26}) scale(${1.1 - Math.abs(i - 4) * 0.06})`,
        svgPath(
          'M0 46C-70 30 -84 -40 -50 -78C-34 -96 -14 -96 0 -82C14 -96 34 -96 50 -78C84 -40 70 30 0 46z',
          s.soft(i % 2 ? second : lighter(second, 0.14), 1.8),
        ),
        stroke('M0 44V-74M0 20L-46 -18M0 20L46 -18M0 -14L-36 -52M0 -14L36 -52', lighter(second, 0.45), 3, {
          opacity: 0.7,
        }),
        svgPath('M-62 -10l24 -8l-20 -12zM62 -10l-24 -8l20 -12z', darker(second, 0.35), { opacity: 0.5 }),
      );
    }) +
    svgPath(pot, s.round(main)) +
    svgPath(
      'M262 452Q262 440 274 440H526Q538 440 538 452V486Q538 498 526 498H274Q262 498 262 486z',
      s.round(lighter(main, 0.06)),
    ) +
    s.clip(
      pot,
      rect([260, 498, 280, 16], 0, darker(main, 0.4), { opacity: 0.35 }),
      svgPath('M318 500L342 650H366L344 500z', '#ffffff', { opacity: 0.18 }),
      times(9, (i) => stroke(`M${290 + i * 26} 590q13 -22 26 0`, lighter(main, 0.4), 5, { opacity: 0.6 })),
    ) +
    svgPath('M270 650H530L520 676Q516 684 504 684H296Q284 684 280 676z', s.round(darker(main, 0.06)))
  );
};

export const trowels: Drawing = (s, { main }) => {
  const handle = (x: number, turn: number, head: string) =>
    move(
      `translate(${x} 400) rotate(${turn})`,
      move(
        'translate(16 22)',
        svgPath(roundRect([-24, 60, 48, 230], 22), '#2a2233', { opacity: 0.2 }),
        faded(0.2, head),
      ),
      svgPath(roundRect([-24, 60, 48, 230], 22), s.round(main)),
      stroke('M-10 90Q-14 180 -8 270M8 86Q12 180 6 276', darker(main, 0.35), 2.5, { opacity: 0.4 }),
      stroke('M0 276C-30 330 30 340 4 282', '#c49a5c', 6),
      rect([-18, 40, 36, 36], 6, s.metal('#c9a25a')),
      head,
    );
  const blade =
    'M0 -270C60 -220 78 -120 62 -40Q56 -16 20 -10L14 44H-14L-20 -10Q-56 -16 -62 -40C-78 -120 -60 -220 0 -270z';
  const trowel =
    svgPath(blade, s.across([0, '#8f979f'], [0.35, '#f1f3f4'], [0.5, '#b9c0c7'], [1, '#7d858d'])) +
    stroke('M0 -240V-20', '#8b939b', 4, { opacity: 0.6 });
  const fork =
    times(3, (i) =>
      svgPath(
        `M${-54 + i * 46} -50L${-50 + i * 50} -250Q${-46 + i * 48} -268 ${-40 + i * 46} -250L${-36 + i * 44} -50z`,
        s.metal('#aab1b8'),
      ),
    ) + svgPath('M-58 -60Q-56 -14 -14 -6V44H14V-6Q56 -14 58 -60L38 -66Q34 -40 0 -40T-38 -66z', s.metal('#aab1b8'));
  const crumbs = scatter(120, 4);
  return (
    svgPath(
      'M110 640Q180 560 290 600T480 590T690 640Q720 720 600 726H200Q90 720 110 640z',
      s.down([0, '#6b4a33'], [1, '#46301f']),
    ) +
    times(60, (i) =>
      circle(
        130 + (crumbs[i] ?? 0) * 550,
        600 + (crumbs[i + 60] ?? 0) * 120,
        3 + (i % 4) * 1.6,
        i % 2 ? '#8a6344' : '#38261a',
        { opacity: 0.8 },
      ),
    ) +
    handle(290, -14, trowel) +
    handle(500, 12, fork) +
    leaf(s, 640, 560, -60, 0.9, LEAF) +
    leaf(s, 640, 562, -110, 0.8, '#86a86c')
  );
};

export const seeds: Drawing = (s, { main, second, third }) => {
  const flower = (petals: number, colour: string, heart: string) =>
    times(petals, (i) => ellipse(0, -38, 18, 36, s.soft(colour, 1.5), { transform: `rotate(${(i * 360) / petals})` })) +
    circle(0, 0, 19, s.ball(heart));
  const packet = (place: string, colour: string, art: string) =>
    move(
      place,
      svgPath(roundRect([-120, -180, 240, 350], 8), '#2a2233', { opacity: 0.24, transform: 'translate(12 18)' }),
      rect([-120, -180, 240, 350], 6, s.soft('#fbf4e4')),
      rect([-120, -180, 240, 58], 6, colour),
      rect([-74, -160, 148, 10], 5, '#fff6e4', { opacity: 0.95 }),
      rect([-44, -142, 88, 6], 3, '#fff6e4', { opacity: 0.7 }),
      stroke('M-120 -122H120', darker(colour, 0.3), 2, { 'stroke-dasharray': '6 5' }),
      rect([-98, -100, 196, 200], 90, lighter(colour, 0.75)),
      stroke('M0 10Q6 60 0 98', '#5d8a45', 8),
      svgPath('M0 70Q-40 66 -54 34Q-14 36 0 70z', '#6f9f52'),
      svgPath('M2 84Q40 76 50 44Q12 50 2 84z', '#7fae60'),
      move('translate(0 -10)', art),
      rect([-90, 116, 180, 8], 4, darker(colour, 0.1)),
      rect([-60, 134, 120, 6], 3, '#b9ad98'),
      rect([-76, 150, 152, 5], 2, '#cfc4af'),
    );
  const dots = scatter(40, 17);
  return (
    packet('translate(250 370) rotate(-10)', third, flower(9, '#8f7fc0', '#e3bd4a')) +
    packet('translate(556 380) rotate(9)', second, flower(7, '#e0705a', '#7a3a2a')) +
    packet('translate(404 420) rotate(-1) scale(1.06)', main, flower(14, '#f0b93a', '#6d4426')) +
    times(20, (i) =>
      ellipse(300 + (dots[i] ?? 0) * 300, 660 + (dots[i + 20] ?? 0) * 50, 9, 5, i % 3 ? '#4a3526' : '#8a6344', {
        transform: `rotate(${(dots[i] ?? 0) * 360} ${300 + (dots[i] ?? 0) * 300} ${660 + (dots[i + 20] ?? 0) * 50})`,
      }),
    )
  );
};

export const birdHouse: Drawing = (s, { main, second }) =>
  svgPath('M0 560Q200 500 420 540T800 500V800H0z', '#8fae7c', { opacity: 0.45 }) +
  rect([376, 560, 48, 300], 0, s.round('#8a6344')) +
  s.cast('M270 330H530V580H270z', 16, 22, 14, 0.26) +
  svgPath(
    'M270 320L400 220L530 320V572Q530 580 522 580H278Q270 580 270 572z',
    s.across([0, lighter(main, 0.3)], [0.6, main], [1, darker(main, 0.2)]),
  ) +
  times(6, (i) =>
    stroke(`M${286 + i * 44} ${330 - Math.min(i, 5 - i) * 30}V576`, darker(main, 0.35), 3, { opacity: 0.4 }),
  ) +
  svgPath(
    'M226 330L400 176L574 330L554 356L400 222L246 356z',
    s.slant([0, lighter(second, 0.3)], [1, darker(second, 0.3)]),
  ) +
  times(6, (i) =>
    stroke(`M${262 + i * 24} ${322 - i * 21}l14 16M${538 - i * 24} ${322 - i * 21}l-14 16`, lighter(second, 0.4), 3, {
      opacity: 0.5,
    }),
  ) +
  circle(400, 400, 56, darker(main, 0.35)) +
  circle(402, 404, 48, '#2a2029') +
  stroke('M400 496V530', '#6d4b2e', 12) +
  circle(400, 496, 11, s.ball('#a5784c')) +
  move(
    'translate(486 452) scale(.98)',
    svgPath(
      'M-70 20C-70 -50 -10 -84 40 -64C70 -96 120 -84 122 -46L146 -34L120 -24C116 40 60 66 0 60L-90 84L-60 44z',
      s.ball('#d9683c'),
    ),
    svgPath('M-60 44C-20 60 50 62 92 18C80 50 40 64 0 60z', '#f6e4c8'),
    svgPath('M-56 10C-20 -30 40 -30 56 0C30 44 -20 50 -56 10z', s.slant([0, '#5b7a8c'], [1, '#3a5262'])),
    circle(92, -50, 8, '#1f1a1a'),
    circle(94, -53, 2.6, '#ffffff'),
    stroke('M6 60L0 88M30 60L32 88', '#6d4b2e', 5),
  ) +
  rect([380, 536, 300, 20], 8, s.down([0, '#b98550'], [1, '#8a5f36'])) +
  stroke('M0 120C120 130 200 90 300 40', '#7d5a3c', 12) +
  leaf(s, 90, 124, 40, 1, LEAF) +
  leaf(s, 150, 112, -30, 0.9, '#86a86c') +
  leaf(s, 210, 86, 50, 0.9, LEAF) +
  leaf(s, 256, 60, -40, 0.8, '#86a86c') +
  leaf(s, 30, 122, -36, 0.8, '#86a86c');

// Long: the coordinates of one drawing
export const hangingPlanter: Drawing = (s, { main, second }) => {
  const trail = (x: number, length: number, sway: number) =>
    stroke(
      `M${x} 450C${x + sway} ${450 + length * 0.4} ${x - sway} ${450 + length * 0.7} ${x + sway * 0.5} ${450 + length}`,
      darker(second, 0.2),
      5,
    ) +
    times(Math.floor(length / 30), (i) => {
      const t = (i + 0.6) / (length / 30);
      return leaf(
        s,
        x + Math.sin(t * 4) * sway * 0.5,
        450 + length * t,
        i % 2 ? 30 : 150,
        0.52,
        i % 3 ? second : lighter(second, 0.18),
      );
    });
  return (
    rect([250, 62, 300, 26], 12, s.down([0, '#d3a26a'], [1, '#a5784c'])) +
    stroke('M400 0V66', '#c9b48f', 8) +
    stroke(
      'M300 84Q300 300 272 404M500 84Q500 300 528 404M360 84Q340 260 330 410M440 84Q460 260 470 410',
      '#e6d7b8',
      9,
    ) +
    stroke(
      'M300 84Q300 300 272 404M500 84Q500 300 528 404M360 84Q340 260 330 410M440 84Q460 260 470 410',
      '#b9a47c',
      2.5,
      { 'stroke-dasharray': '5 6' },
    ) +
    times(9, (i) =>
      leaf(
        s,
        400 + (i - 4) * 26,
        402 - (i % 2) * 12,
        -90 + (i - 4) * 24,
        1.05 - Math.abs(i - 4) * 0.05,
        i % 2 ? second : lighter(second, 0.16),
      ),
    ) +
    svgPath('M262 400H538Q534 520 470 566H330Q266 520 262 400z', s.round(main)) +
    s.clip(
      'M262 400H538Q534 520 470 566H330Q266 520 262 400z',
      times(12, (i) => svgPath(`M${262 + i * 24} 452l12 26l12 -26z`, lighter(main, 0.6), { opacity: 0.8 })),
      rect([250, 440, 300, 8], 0, lighter(main, 0.6), { opacity: 0.8 }),
      rect([250, 486, 300, 8], 0, lighter(main, 0.6), { opacity: 0.8 }),
      svgPath('M300 400Q310 500 350 566H376Q334 500 330 400z', '#ffffff', { opacity: 0.2 }),
    ) +
    ellipse(400, 400, 138, 16, lighter(main, 0.2)) +
    ellipse(400, 402, 126, 11, '#4a3526') +
    trail(282, 260, 22) +
    trail(350, 180, -18) +
    trail(470, 220, 20) +
    trail(522, 300, -24)
  );
};

export const boots: Drawing = (s, { main, second }) => {
  const outline =
    'M-92 -420Q-20 -440 60 -420Q64 -260 70 -170Q84 -120 170 -96Q226 -76 226 -34V-20H-96Q-104 -100 -90 -200T-92 -420z';
  const boot = (place: string) =>
    move(
      place,
      s.shadow(66, 0, 200, 18),
      svgPath(
        outline,
        s.across([0, darker(main, 0.2)], [0.16, lighter(main, 0.35)], [0.4, main], [1, darker(main, 0.25)]),
      ),
      s.clip(
        outline,
        rect([-110, -424, 200, 46], 0, second),
        svgPath('M-70 -380Q-64 -200 -72 -40H-50Q-44 -200 -44 -380z', '#ffffff', { opacity: 0.35 }),
        svgPath('M130 -110Q236 -80 230 -10H160Q180 -60 130 -110z', lighter(main, 0.14), { opacity: 0.7 }),
        stroke('M70 -170Q30 -150 -20 -156M74 -150Q40 -130 0 -134', darker(main, 0.5), 6, { opacity: 0.3 }),
        svgPath('M-100 -60H240V-16H-100z', darker(main, 0.5), { opacity: 0.15 }),
      ),
      ellipse(-16, -421, 76, 15, darker(main, 0.5)),
      stroke('M30 -400l30 -4v40l-26 4z', '#e3e6e9', 6),
      svgPath('M-98 -24H230Q238 -10 230 0H-96Q-104 -10 -98 -24z', second),
      times(12, (i) => rect([-88 + i * 27, -6, 14, 9], 2, darker(second, 0.4))),
    );
  return (
    boot('translate(380 640) scale(1.02)') +
    boot('translate(270 660) scale(1.08)') +
    leaf(s, 640, 690, -14, 0.8, '#d9a036') +
    leaf(s, 120, 694, 200, 0.6, TERRACOTTA)
  );
};
