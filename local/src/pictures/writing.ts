import { darker, lighter, mix } from './colour.ts';
import type { Drawing } from './product-picture.ts';
import { circle, ellipse, move, rect, roundRect, stroke, svgPath, times } from './svg-builder.ts';

const BRASS = '#d0a44f';
const PAPER = '#fbf6ea';

export const fountainPen: Drawing = (s, { main }) =>
  move(
    'translate(400 430) rotate(-8)',
    rect([-270, -190, 540, 400], 10, '#2a2233', { opacity: 0.16, transform: 'translate(12 18)' }),
    rect([-270, -190, 540, 400], 10, PAPER),
    times(9, (i) => rect([-230, -140 + i * 38, 460, 2], 0, '#c9bfa9', { opacity: 0.6 })),
    stroke(
      'M-200 -78c20 -50 40 -40 34 0s14 30 34 -10s34 -20 26 10s24 20 40 -8s34 -30 30 4s30 10 44 -10s24 -10 30 6s60 -10 90 -30',
      '#2f4a78',
      7,
    ),
    stroke('M-196 0c30 -20 40 -10 50 6s40 -20 60 -16s20 30 44 6s50 -20 60 0', '#2f4a78', 6),
  ) +
  move(
    'translate(430 470) rotate(38)',
    svgPath('M-330 -30H230V30H-330z', '#2a2233', { opacity: 0.2, transform: 'translate(18 26)' }),
    svgPath(
      'M-300 -34Q-330 -32 -330 0T-300 34H40V-34z',
      s.down([0, darker(main, 0.1)], [0.25, lighter(main, 0.5)], [0.5, main], [1, darker(main, 0.5)]),
    ),
    rect([-306, -50, 190, 13], 6, s.down([0, '#f6e3ac'], [1, BRASS])),
    circle(-122, -42, 10, BRASS),
    svgPath(
      'M40 -31H180Q200 -26 206 -20V20Q200 26 180 31H40z',
      s.down([0, darker(main, 0.2)], [0.25, lighter(main, 0.4)], [0.5, darker(main, 0.1)], [1, darker(main, 0.55)]),
    ),
    rect([30, -36, 22, 72], 4, s.down([0, '#9c7630'], [0.3, '#fbeab8'], [1, '#a57c33'])),
    rect([200, -21, 12, 42], 3, s.down([0, '#9c7630'], [0.3, '#fbeab8'], [1, '#a57c33'])),
    svgPath('M212 -19Q270 -22 324 0Q270 22 212 19z', s.down([0, '#fbeab8'], [0.5, BRASS], [1, '#96702a'])),
    stroke('M260 0H322', '#6d5220', 2),
    circle(256, 0, 6, '#6d5220'),
  );

export const pencils: Drawing = (s, { main }) => {
  const colours = ['#c4512f', '#dd8f2f', '#e3bd4a', '#8fa55a', '#4f8a7c', '#4a7396', '#6a5a8f', '#b0647e'];
  const tin = roundRect([130, 330, 540, 330], 26);
  return (
    s.cast(tin, 14, 22, 14, 0.3) +
    svgPath(tin, s.slant([0, lighter(main, 0.35)], [0.5, main], [1, darker(main, 0.25)])) +
    svgPath(roundRect([150, 350, 500, 290], 16), darker(main, 0.35)) +
    times(8, (i) => {
      const x = 166 + i * 59.5;
      const colour = colours[i] ?? main;
      const top = 190 + (i % 3) * 26 + (i % 2) * 12;
      return (
        svgPath(`M${x} ${top + 78}L${x + 26} ${top}L${x + 52} ${top + 78}V630H${x}z`, '#2a2233', {
          opacity: 0.2,
          transform: 'translate(8 8)',
        }) +
        svgPath(
          `M${x} ${top + 78}L${x + 26} ${top}L${x + 52} ${top + 78}z`,
          s.across([0, '#e9c696'], [0.5, '#f3dbb4'], [1, '#c79a63']),
        ) +
        svgPath(
          `M${x + 17} ${top + 27}L${x + 26} ${top}L${x + 35} ${top + 27}Q${x + 26} ${top + 34} ${x + 17} ${top + 27}z`,
          darker(colour, 0.1),
        ) +
        svgPath(
          `M${x} ${top + 78}q8.6 -14 17.3 0q8.6 -14 17.3 0q8.6 -14 17.4 0V630H${x}z`,
          s.across(
            [0, lighter(colour, 0.15)],
            [0.33, lighter(colour, 0.3)],
            [0.34, colour],
            [0.66, colour],
            [0.67, darker(colour, 0.2)],
            [1, darker(colour, 0.26)],
          ),
        )
      );
    }) +
    svgPath(
      'M130 540H670V634Q670 660 644 660H156Q130 660 130 634z',
      s.down([0, lighter(main, 0.2)], [1, darker(main, 0.16)]),
    ) +
    rect([130, 540, 540, 5], 0, lighter(main, 0.5), { opacity: 0.8 }) +
    rect([320, 578, 160, 8], 4, PAPER, { opacity: 0.85 }) +
    rect([350, 600, 100, 6], 3, PAPER, { opacity: 0.6 })
  );
};

export const ink: Drawing = (s, { main }) => {
  const glass =
    'M258 430Q258 404 288 400L342 392V360H458V392L512 400Q542 404 542 430V624Q542 652 514 652H286Q258 652 258 624z';
  return (
    s.shadow(400, 654, 220, 24) +
    svgPath(glass, '#eef4f5', { opacity: 0.75 }) +
    s.clip(
      glass,
      svgPath('M272 470Q400 460 528 470V640H272z', s.down([0, main], [1, darker(main, 0.5)])),
      ellipse(400, 470, 128, 8, lighter(main, 0.35)),
      svgPath('M276 430Q272 540 280 636H302Q290 540 298 420z', '#ffffff', { opacity: 0.45 }),
      svgPath('M520 420Q530 520 522 636H510Q514 520 508 416z', '#ffffff', { opacity: 0.25 }),
    ) +
    stroke(glass, '#94a9ad', 4, { opacity: 0.6 }) +
    rect([330, 276, 140, 92], 12, s.round('#33343a')) +
    times(11, (i) => rect([338 + i * 12, 282, 3, 80], 1, '#17181c', { opacity: 0.5 })) +
    rect([326, 362, 148, 14], 5, s.round('#26272c')) +
    rect([316, 510, 168, 106], 4, s.soft(PAPER)) +
    rect([324, 518, 152, 90], 2, 'none', { stroke: main, 'stroke-width': 2.5 }) +
    svgPath('M400 530C416 552 424 562 424 574A24 24 0 0 1 376 574C376 562 384 552 400 530z', main) +
    ellipse(392, 574, 6, 10, '#ffffff', { opacity: 0.5 }) +
    svgPath('M596 640C560 636 556 660 590 664S680 676 690 656S640 634 596 640z', main) +
    ellipse(612, 648, 18, 4, lighter(main, 0.5), { opacity: 0.7 }) +
    circle(706, 680, 8, main) +
    circle(566, 684, 5, main)
  );
};

export const letters: Drawing = (s, { main, second }) => {
  const envelope = (place: string, colour: string, open: boolean) =>
    move(
      place,
      svgPath(roundRect([-210, -140, 420, 280], 8), '#2a2233', { opacity: 0.2, transform: 'translate(12 18)' }),
      rect([-210, -140, 420, 280], 8, s.soft(colour)),
      open
        ? ''
        : svgPath(
            'M-210 -134Q-210 -140 -204 -140H204Q210 -140 210 -134L14 18Q0 28 -14 18z',
            s.down([0, lighter(colour, 0.2)], [1, darker(colour, 0.08)]),
          ),
      open ? '' : stroke('M-208 -134L-14 18Q0 28 14 18L208 -134', darker(colour, 0.25), 3, { opacity: 0.6 }),
      stroke('M-206 136L-60 8M206 136L60 8', darker(colour, 0.2), 2.5, { opacity: 0.4 }),
    );
  return (
    envelope('translate(430 300) rotate(11)', second, false) +
    move(
      'translate(380 420) rotate(-3)',
      rect([-190, -200, 380, 340], 4, '#2a2233', { opacity: 0.16, transform: 'translate(10 14)' }),
      rect([-190, -200, 380, 340], 4, s.soft(PAPER, 0.4)),
      times(6, (i) => rect([-150, -130 + i * 34, i % 3 === 2 ? 190 : 300, 3], 1, '#b9ad98', { opacity: 0.7 })),
      svgPath('M-190 -200h380v14h-380z', mix(main, '#ffffff', 0.3)),
    ) +
    envelope('translate(390 510) rotate(-6)', main, false) +
    move(
      'translate(392 528) rotate(-6)',
      circle(0, 0, 36, '#2a2233', { opacity: 0.2, transform: 'translate(4 6)' }),
      svgPath(
        'M0 -38C14 -40 20 -32 30 -24S40 -6 36 8S24 34 8 36S-24 36 -32 20S-42 -8 -32 -22S-14 -36 0 -38z',
        s.ball('#a8322b'),
      ),
      circle(0, 0, 23, 'none', { stroke: '#7c1f1c', 'stroke-width': 3, opacity: 0.7 }),
      svgPath('M0 13C-16 2 -14 -13 -4 -11L0 -6L4 -11C14 -13 16 2 0 13z', '#7c1f1c', { opacity: 0.8 }),
    )
  );
};
