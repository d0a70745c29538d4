import { darker, lighter } from './colour.ts';
import type { Drawing } from './product-picture.ts';
import { circle, rect, stroke, svgPath, times } from './svg-builder.ts';

/** The folds and the shade that make a flat garment look like cloth. */
const FOLDS = 'M270 330Q300 470 282 640M530 330Q500 480 520 640M330 560Q350 600 344 650M460 540Q450 590 458 650';

export const tShirt: Drawing = (s, { main, second }) => {
  const outline =
    'M300 150Q400 214 500 150L576 180Q600 190 612 214L684 350L590 402L560 356Q548 520 566 668Q400 690 234 668Q252 520 240 356L210 402L116 350L188 214Q200 190 224 180z';
  return (
    s.cast(outline, 14, 20, 14, 0.3) +
    svgPath('M300 150Q400 130 500 150Q470 196 400 196T300 150z', darker(main, 0.35)) +
    svgPath(outline, s.soft(main)) +
    s.clip(
      outline,
      stroke('M240 356Q252 300 262 250M560 356Q548 300 538 250', darker(main, 0.4), 5, { opacity: 0.4 }),
      stroke(FOLDS, darker(main, 0.4), 16, { opacity: 0.1 }),
      stroke('M128 360L208 404M672 360L592 404', darker(main, 0.3), 3, {
        opacity: 0.5,
        'stroke-dasharray': '6 5',
        transform: 'translate(0 -14)',
      }),
      stroke('M238 654Q400 676 562 654', darker(main, 0.3), 3, { opacity: 0.5, 'stroke-dasharray': '6 5' }),
      svgPath('M230 200Q300 420 250 680H200V180z', '#ffffff', { opacity: 0.1 }),
    ) +
    stroke('M300 150Q400 214 500 150', darker(main, 0.16), 17) +
    stroke('M300 150Q400 214 500 150', lighter(main, 0.12), 10) +
    rect([380, 168, 40, 18], 3, second, { opacity: 0.9 }) +
    rect([438, 300, 78, 84], 6, 'none', { stroke: darker(main, 0.25), 'stroke-width': 3, opacity: 0.55 }) +
    svgPath('M438 302h78v16h-78z', darker(main, 0.12), { opacity: 0.5 })
  );
};

export const jumper: Drawing = (s, { main, second }) => {
  const body =
    'M296 160Q400 210 504 160L566 186Q598 202 606 250L662 560Q668 596 640 604L602 612L552 380Q552 520 560 640Q400 662 240 640Q248 520 248 380L198 612L160 604Q132 596 138 560L194 250Q202 202 234 186z';
  return (
    s.cast(body, 14, 20, 14, 0.3) +
    svgPath('M296 160Q400 132 504 160Q470 206 400 206T296 160z', darker(main, 0.4)) +
    svgPath(body, s.soft(main)) +
    s.clip(
      body,
      times(34, (i) =>
        stroke(`M${130 + i * 16} 150V670`, i % 2 ? darker(main, 0.25) : lighter(main, 0.25), 3, { opacity: 0.24 }),
      ),
      svgPath('M120 262H680V306H120z', second, { opacity: 0.92 }),
      times(24, (i) => svgPath(`M${128 + i * 24} 306l12 -30l12 30z`, main)),
      times(24, (i) => circle(140 + i * 24, 330, 5, second)),
      times(24, (i) => svgPath(`M${128 + i * 24} 262l12 18l12 -18z`, main, { opacity: 0.8 })),
      stroke('M248 380Q250 320 266 262M552 380Q550 320 534 262', darker(main, 0.5), 6, { opacity: 0.4 }),
      stroke('M300 420Q320 520 300 630M500 420Q480 530 500 630', darker(main, 0.5), 18, { opacity: 0.1 }),
      svgPath('M230 606Q400 630 570 606V680H230z', darker(main, 0.16)),
      times(28, (i) => rect([238 + i * 12, 606, 5, 60], 2, darker(main, 0.35), { opacity: 0.4 })),
      svgPath('M130 560L216 580L204 640H120zM670 560L584 580L596 640H680z', darker(main, 0.16)),
    ) +
    stroke('M296 160Q400 210 504 160', darker(main, 0.2), 26) +
    stroke('M296 160Q400 210 504 160', lighter(main, 0.1), 20, { 'stroke-dasharray': '4 6', 'stroke-linecap': 'butt' })
  );
};

export const choreJacket: Drawing = (s, { main }) => {
  const body =
    'M310 150L400 190L490 150L570 184Q600 200 608 240L664 590L596 606L556 390L566 660H234L244 390L204 606L136 590L192 240Q200 200 230 184z';
  const pocket = (x: number, y: number, w: number, h: number) =>
    svgPath(`M${x} ${y}h${w}v${h - 14}q0 14 -14 14h${28 - w}q-14 0 -14 -14z`, lighter(main, 0.06)) +
    svgPath(`M${x} ${y}h${w}v${h - 14}q0 14 -14 14h${28 - w}q-14 0 -14 -14z`, 'none', {
      stroke: darker(main, 0.3),
      'stroke-width': 3,
    }) +
    stroke(`M${x + 6} ${y + 16}h${w - 12}`, lighter(main, 0.4), 2.5, { 'stroke-dasharray': '7 5', opacity: 0.8 });
  return (
    s.cast(body, 14, 20, 14, 0.32) +
    svgPath('M310 150Q400 124 490 150L400 230z', darker(main, 0.45)) +
    rect([372, 142, 56, 20], 3, '#e9dcc4') +
    svgPath(body, s.soft(main)) +
    s.clip(
      body,
      stroke('M244 390Q246 320 262 250M556 390Q554 320 538 250', darker(main, 0.5), 6, { opacity: 0.45 }),
      stroke('M250 400Q280 520 262 640M548 400Q520 520 538 640', darker(main, 0.5), 16, { opacity: 0.12 }),
      stroke('M130 566L206 586M670 566L594 586', lighter(main, 0.4), 2.5, { 'stroke-dasharray': '7 5' }),
      stroke('M230 640H570', lighter(main, 0.4), 2.5, { 'stroke-dasharray': '7 5' }),
    ) +
    stroke('M400 196V660', darker(main, 0.4), 4) +
    stroke('M386 210V656', lighter(main, 0.35), 2.5, { 'stroke-dasharray': '7 5', opacity: 0.7 }) +
    pocket(262, 500, 108, 120) +
    pocket(430, 500, 108, 120) +
    pocket(440, 316, 90, 100) +
    svgPath('M310 150L400 192L352 262L278 186z', s.soft(lighter(main, 0.1))) +
    svgPath('M490 150L400 192L448 262L522 186z', s.soft(lighter(main, 0.04))) +
    stroke('M312 158L394 198L352 250L288 188M488 158L406 198L448 250L512 188', darker(main, 0.35), 2.5, {
      opacity: 0.6,
    }) +
    times(
      5,
      (i) => circle(412, 250 + i * 88, 11, s.ball('#e0c896')) + circle(412, 250 + i * 88, 3, darker('#e0c896', 0.5)),
    )
  );
};

export const rainJacket: Drawing = (s, { main, second }) => {
  const body =
    'M308 200L492 200L566 226Q596 240 606 280L668 600L598 620L556 420L572 680Q400 700 228 680L244 420L202 620L132 600L194 280Q204 240 234 226z';
  const hood = 'M400 90C310 90 284 170 300 236Q400 280 500 236C516 170 490 90 400 90z';
  const drops: readonly (readonly [number, number])[] = [
    [280, 340],
    [330, 480],
    [500, 400],
    [470, 560],
    [300, 600],
    [560, 300],
    [210, 420],
    [612, 480],
    [350, 300],
    [520, 630],
  ];
  return (
    s.cast(body, 14, 20, 14, 0.3) +
    s.cast(hood, 14, 20, 14, 0.3) +
    svgPath(body, s.soft(main)) +
    svgPath(hood, s.soft(darker(main, 0.06))) +
    svgPath('M400 132C346 132 330 186 342 232Q400 262 458 232C470 186 454 132 400 132z', darker(main, 0.5)) +
    svgPath('M342 232Q400 262 458 232Q452 250 400 268T342 232z', darker(main, 0.3)) +
    s.clip(
      body,
      stroke('M244 420Q246 340 262 280M556 420Q554 340 538 280', darker(main, 0.5), 6, { opacity: 0.4 }),
      svgPath('M196 300Q400 360 604 300V290Q400 346 196 290z', second, { opacity: 0.9 }),
      stroke('M270 440Q290 560 276 670M530 440Q510 560 524 670', darker(main, 0.5), 18, { opacity: 0.1 }),
      svgPath('M132 570L214 590L206 640H120zM668 570L586 590L594 640H680z', second, { opacity: 0.55 }),
    ) +
    rect([391, 246, 18, 446], 4, darker(main, 0.25)) +
    stroke('M400 250V690', second, 5, { 'stroke-dasharray': '5 5', 'stroke-linecap': 'butt' }) +
    rect([393, 330, 14, 34], 6, '#dfe2e6') +
    svgPath('M268 540L360 520L364 540L272 562z', darker(main, 0.25)) +
    svgPath('M532 540L440 520L436 540L528 562z', darker(main, 0.25)) +
    stroke('M368 250Q362 290 356 330M432 250Q438 290 446 324', '#f6efe0', 5) +
    circle(355, 334, 8, second) +
    circle(447, 328, 8, second) +
    drops
      .map(([x, y]) =>
        svgPath('M0 -16C8 -4 10 2 10 6A10 10 0 0 1 -10 6C-10 2 -8 -4 0 -16z', '#ffffff', {
          opacity: 0.55,
          transform: `translate(${x} ${y})`,
        }),
      )
      .join('')
  );
};
