import { darker, lighter } from './colour.ts';
import type { Drawing } from './product-picture.ts';
import { circle, ellipse, faded, move, rect, ring, scatter, stroke, svgPath, times } from './svg-builder.ts';

const STEEL = '#c9cdd2';

export const backpack: Drawing = (s, { main, second }) => {
  const body = 'M256 300Q256 190 400 190T544 300L556 610Q556 650 516 652H284Q244 650 244 610z';
  const pocket = 'M282 452Q282 432 302 432H498Q518 432 518 452L524 592Q524 620 496 620H304Q276 620 276 592z';
  return (
    s.shadow(400, 654, 240, 26) +
    stroke('M352 200C352 130 448 130 448 200', darker(second, 0.2), 20) +
    svgPath(
      'M250 380Q200 400 204 500L214 600Q218 624 250 626zM550 380Q600 400 596 500L586 600Q582 624 550 626z',
      s.soft(darker(main, 0.18)),
    ) +
    stroke('M582 420L588 300', '#8fb09a', 34) +
    rect([566, 268, 44, 40], 8, s.round('#3b3d42')) +
    svgPath('M552 420Q604 410 600 500L590 600Q584 620 552 622z', s.soft(darker(main, 0.1))) +
    svgPath(body, s.round(main, 0.9)) +
    svgPath(
      'M250 330Q248 184 400 184T550 330Q552 400 536 402H264Q248 400 250 330z',
      s.round(lighter(main, 0.08), 0.9),
    ) +
    stroke('M264 394H536', darker(main, 0.4), 4, { opacity: 0.5 }) +
    stroke('M262 380H538', lighter(main, 0.4), 2.5, { 'stroke-dasharray': '8 6', opacity: 0.7 }) +
    svgPath(pocket, s.round(lighter(main, 0.05))) +
    stroke(pocket, darker(main, 0.35), 3.5, { opacity: 0.7 }) +
    stroke('M292 470H508', darker(main, 0.5), 6) +
    rect([470, 464, 30, 13], 5, STEEL) +
    times(
      2,
      (i) =>
        rect([306 + i * 160, 196, 28, 300], 4, s.down([0, lighter(second, 0.2)], [1, darker(second, 0.2)])) +
        rect([300 + i * 160, 396, 40, 34], 6, s.metal('#c8a45c')) +
        rect([308 + i * 160, 404, 24, 18], 3, darker(second, 0.35)) +
        svgPath(`M${306 + i * 160} 490h28v22l-14 12l-14 -12z`, darker(second, 0.2)),
    ) +
    circle(400, 288, 40, lighter(second, 0.15)) +
    circle(400, 288, 34, 'none', { stroke: lighter(second, 0.6), 'stroke-width': 2.5, 'stroke-dasharray': '6 5' }) +
    svgPath('M374 304L396 266L408 286L414 278L428 304z', '#fff6e4')
  );
};

export const bottle: Drawing = (s, { main, second }) => {
  const flask = (x: number, k: number, colour: string) => {
    const body = 'M-84 -352Q-84 -400 -44 -420V-440H44V-420Q84 -400 84 -352V-30Q84 0 54 0H-54Q-84 0 -84 -30z';
    return move(
      `translate(${x} 652) scale(${k})`,
      s.shadow(8, 2, 140, 18),
      stroke('M-30 -500C-30 -560 30 -560 30 -500', darker('#3b3d42', 0.2), 16),
      rect([-48, -506, 96, 70], 12, s.round('#3b3d42')),
      times(9, (i) => rect([-42 + i * 10, -496, 3, 50], 1, '#1f2024', { opacity: 0.6 })),
      svgPath(body, s.round(colour)),
      s.clip(
        body,
        rect([-90, -26, 180, 30], 0, s.metal(STEEL)),
        rect([-90, -446, 180, 24], 0, s.metal(STEEL)),
        svgPath('M-58 -390Q-62 -200 -56 -40H-40Q-44 -200 -36 -400z', '#ffffff', { opacity: 0.35 }),
      ),
      svgPath('M-40 -190L-10 -246L6 -218L16 -234L42 -190z', lighter(colour, 0.65), { opacity: 0.9 }),
      rect([-34, -172, 70, 6], 3, lighter(colour, 0.65), { opacity: 0.8 }),
    );
  };
  return flask(496, 0.78, second) + flask(322, 0.95, main);
};

export const campMug: Drawing = (s, { main, second }) => {
  const specks = scatter(160, 21);
  const cup = (x: number, y: number, k: number, colour: string, liquid: string) => {
    const body = 'M-130 -240H130L118 -14Q116 0 100 0H-100Q-116 0 -118 -14z';
    return move(
      `translate(${x} ${y}) scale(${k})`,
      s.shadow(10, 0, 180, 20),
      stroke('M122 -190C220 -200 220 -60 116 -66', darker(colour, 0.25), 26),
      stroke('M122 -192C214 -200 214 -64 116 -70', colour, 18),
      svgPath(body, s.round(colour)),
      s.clip(
        body,
        times(80, (i) =>
          circle(-130 + (specks[i] ?? 0) * 260, -236 + (specks[i + 80] ?? 0) * 230, 2 + (i % 3), lighter(colour, 0.7), {
            opacity: 0.75,
          }),
        ),
        svgPath('M-104 -240Q-100 -100 -92 0H-68Q-76 -110 -76 -240z', '#ffffff', { opacity: 0.28 }),
      ),
      ellipse(0, -240, 131, 26, '#2c2c31'),
      ellipse(0, -239, 124, 22, lighter(colour, 0.5)),
      ellipse(0, -230, 112, 15, liquid),
    );
  };
  return (
    cup(530, 620, 0.78, second, '#6b3d1f') +
    cup(330, 656, 1.08, main, '#4a2a17') +
    faded(
      0.5,
      stroke('M300 340C280 300 322 282 300 236', '#ffffff', 9),
      stroke('M350 336C330 292 376 272 352 212', '#ffffff', 9),
    )
  );
};

export const compass: Drawing = (s, { main, second }) =>
  stroke('M400 160C300 60 150 110 190 250S90 420 150 520', darker(second, 0.1), 11) +
  s.cast(ring(410, 440, 236), 14, 22, 14, 0.34) +
  circle(400, 184, 34, 'none', { stroke: main, 'stroke-width': 15 }) +
  rect([380, 200, 40, 40], 8, s.metal(main)) +
  circle(
    410,
    440,
    236,
    s.slant([0, lighter(main, 0.55)], [0.35, main], [0.6, lighter(main, 0.25)], [1, darker(main, 0.45)]),
  ) +
  circle(410, 440, 204, s.slant([0, darker(main, 0.45)], [1, lighter(main, 0.35)])) +
  circle(
    410,
    440,
    192,
    s.radial(
      [
        [0, '#fffdf6'],
        [0.8, '#f4ead4'],
        [1, '#d9caa8'],
      ],
      0.4,
      0.36,
      0.75,
    ),
  ) +
  times(72, (i) =>
    rect([409, 258, i % 6 ? 2 : 4, i % 6 ? 10 : 20], 0, i % 6 ? '#9a8c72' : '#4a4234', {
      transform: `rotate(${i * 5} 410 440)`,
    }),
  ) +
  times(8, (i) =>
    svgPath(
      i % 2 ? 'M410 440L398 414L410 350L422 414z' : 'M410 440L390 416L410 300L430 416z',
      i % 2 ? '#d9c59a' : '#b89c66',
      { transform: `rotate(${i * 45} 410 440)`, opacity: 0.7 },
    ),
  ) +
  move(
    'rotate(34 410 440)',
    svgPath('M412 446L398 450L418 616L438 450z', '#2a2233', { opacity: 0.18, transform: 'translate(4 8)' }),
    svgPath('M394 440L410 276L426 440z', '#c23b2a'),
    svgPath('M410 276L426 440H410z', '#8f2419'),
    svgPath('M394 440L410 604L426 440z', '#e9e4d8'),
    svgPath('M410 604L426 440H410z', '#b7b0a0'),
  ) +
  circle(410, 440, 15, s.metal('#d9b56d')) +
  svgPath('M260 350A180 180 0 0 1 380 264Q320 330 290 440Q250 420 260 350z', '#ffffff', { opacity: 0.4 });
