import { darker, lighter } from './colour.ts';
import type { Drawing } from './product-picture.ts';
import { circle, ellipse, move, rect, roundRect, stroke, svgPath, times } from './svg-builder.ts';

const STEEL = '#c9cdd2';
const WALNUT = '#7d5233';

export const headphones: Drawing = (s, { main, second }) => {
  const cup = (x: number, side: 1 | -1) =>
    move(
      `translate(${x} 480) scale(${side} 1)`,
      svgPath(
        'M-30 -120Q-86 -110 -92 0T-30 120Q0 116 0 0T-30 -120z',
        s.slant([0, lighter(second, 0.2)], [1, darker(second, 0.3)]),
      ),
      stroke('M-50 -96Q-74 -60 -74 0T-50 96', darker(second, 0.4), 3, { opacity: 0.5 }),
      svgPath('M-24 -112C30 -116 66 -60 66 0S30 116 -24 112Q0 70 0 0T-24 -112z', s.ball(main)),
      svgPath(
        'M-6 -66C24 -60 40 -34 40 0S24 60 -6 66Q8 34 8 0T-6 -66z',
        s.slant([0, lighter(main, 0.3)], [1, darker(main, 0.25)]),
      ),
      circle(22, 0, 8, lighter(main, 0.6), { opacity: 0.8 }),
    );
  return (
    s.shadow(400, 630, 270, 26) +
    stroke('M196 470C170 240 270 130 400 130S630 240 604 470', darker(main, 0.35), 40) +
    stroke(
      'M200 440C184 244 276 142 400 142S616 244 600 440',
      s.across([0, darker(main, 0.1)], [0.3, lighter(main, 0.35)], [0.7, main], [1, darker(main, 0.3)]),
      26,
    ) +
    stroke('M236 250C272 182 330 156 400 156S528 182 564 250', second, 26) +
    stroke('M244 252C280 190 334 164 400 164S520 190 556 252', lighter(second, 0.3), 4, {
      'stroke-dasharray': '2 12',
      opacity: 0.8,
    }) +
    stroke('M192 380L190 456M608 380L610 456', STEEL, 15) +
    cup(214, -1) +
    cup(586, 1)
  );
};

export const earbuds: Drawing = (s, { main, second }) => {
  const bud = (place: string) =>
    move(
      place,
      svgPath('M-14 0C-20 60 -16 110 -6 122Q6 130 14 120C20 100 18 50 16 0z', s.round(main)),
      circle(0, -20, 52, s.ball(main)),
      ellipse(30, -30, 26, 36, s.ball(darker(second, 0.1)), { transform: 'rotate(18 30 -30)' }),
      ellipse(38, -32, 11, 18, darker(second, 0.6), { transform: 'rotate(18 38 -32)' }),
      rect([-6, 116, 14, 8], 4, STEEL),
      ellipse(-18, -38, 13, 9, '#ffffff', { opacity: 0.5, transform: 'rotate(-35 -18 -38)' }),
    );
  return (
    s.shadow(400, 650, 240, 24) +
    svgPath(
      'M214 470C208 330 300 290 400 290S592 330 586 470z',
      s.slant([0, lighter(main, 0.3)], [1, darker(main, 0.2)]),
    ) +
    svgPath('M236 470C232 356 312 316 400 316S568 356 564 470z', darker(main, 0.45)) +
    bud('translate(318 400) rotate(-6)') +
    bud('translate(474 400) rotate(8)') +
    svgPath(
      'M206 466H594Q604 466 604 482C604 600 540 652 470 652H330C260 652 196 600 196 482Q196 466 206 466z',
      s.ball(main, 0.8),
    ) +
    rect([206, 466, 388, 7], 3, lighter(main, 0.6), { opacity: 0.8 }) +
    circle(400, 540, 8, '#9fe0b0') +
    circle(400, 540, 18, s.glow('#9fe0b0', 0.7)) +
    svgPath('M236 510Q244 580 290 616Q268 560 266 508z', '#ffffff', { opacity: 0.35 })
  );
};

export const speakers: Drawing = (s, { main, second }) => {
  const box = (x: number, y: number, k: number) =>
    move(
      `translate(${x} ${y}) scale(${k})`,
      s.shadow(10, 0, 150, 20),
      svgPath('M110 -392L140 -372V-14L110 0z', darker(main, 0.45)),
      rect([-112, -392, 224, 392], 10, s.slant([0, lighter(main, 0.3)], [0.5, main], [1, darker(main, 0.2)])),
      times(8, (i) =>
        stroke(`M${-104 + i * 29} -388Q${-96 + i * 26} -200 ${-106 + i * 30} -6`, darker(main, 0.35), 2.5, {
          opacity: 0.28,
        }),
      ),
      rect([-96, -376, 192, 360], 8, darker(second, 0.1)),
      circle(0, -292, 46, '#1d1d22'),
      circle(0, -292, 38, s.ball('#3a3a42')),
      circle(0, -292, 15, s.ball('#a9adb5')),
      circle(0, -140, 86, s.metal('#8d929a')),
      circle(0, -140, 78, '#1c1c21'),
      circle(
        0,
        -140,
        68,
        s.radial(
          [
            [0, '#1a1a1e'],
            [0.7, '#3b3b43'],
            [1, '#24242a'],
          ],
          0.5,
          0.5,
          0.5,
        ),
      ),
      times(3, (i) => circle(0, -140, 60 - i * 11, 'none', { stroke: '#55555f', 'stroke-width': 1.5, opacity: 0.6 })),
      circle(0, -140, 26, s.ball('#c98a45')),
      rect([-22, -36, 44, 6], 3, '#d9b56d'),
    );
  return box(250, 640, 0.98) + box(530, 654, 1.1);
};

export const portableSpeaker: Drawing = (s, { main, second }) => {
  const body = roundRect([160, 360, 480, 292], 90);
  return (
    s.shadow(400, 654, 280, 26) +
    stroke('M230 380C230 240 570 240 570 380', darker(second, 0.2), 30) +
    stroke('M234 372C240 254 560 254 566 372', second, 18) +
    svgPath(body, s.down([0, lighter(main, 0.3)], [0.4, main], [1, darker(main, 0.4)])) +
    s.clip(
      body,
      times(15, (row) =>
        times(26, (i) =>
          circle(168 + i * 19 + (row % 2) * 9.5, 384 + row * 18, 4.6, darker(main, 0.45), { opacity: 0.55 }),
        ),
      ),
      svgPath('M160 360H640V410Q400 380 160 420z', '#ffffff', { opacity: 0.22 }),
      rect([160, 560, 480, 100], 0, '#1d1b2d', { opacity: 0.14 }),
    ) +
    stroke(body, lighter(main, 0.35), 5, { opacity: 0.5 }) +
    rect([330, 560, 140, 50], 25, s.soft(second)) +
    stroke('M354 585h20M426 585h20M436 575v20', darker(second, 0.55), 5) +
    circle(400, 585, 7, darker(second, 0.55)) +
    circle(248, 378, 12, s.ball(STEEL)) +
    circle(552, 378, 12, s.ball(STEEL))
  );
};

export const turntable: Drawing = (s, { main, second }) => {
  const plinth = roundRect([90, 150, 620, 500], 30);
  return (
    s.cast(plinth, 16, 26, 16, 0.34) +
    svgPath(plinth, darker(main, 0.4), { transform: 'translate(0 12)' }) +
    svgPath(plinth, s.slant([0, lighter(main, 0.28)], [0.5, main], [1, darker(main, 0.2)])) +
    s.clip(
      plinth,
      times(15, (i) =>
        stroke(
          `M80 ${170 + i * 34}Q300 ${150 + i * 36} 460 ${178 + i * 33}T730 ${166 + i * 34}`,
          darker(main, 0.4),
          2.5,
          { opacity: 0.24 },
        ),
      ),
    ) +
    circle(340, 400, 226, s.metal('#9a9fa6')) +
    circle(340, 400, 214, '#141418') +
    times(12, (i) =>
      circle(340, 400, 204 - i * 11, 'none', { stroke: i % 3 ? '#26262d' : '#3a3a44', 'stroke-width': 2 }),
    ) +
    svgPath('M340 400L206 234A214 214 0 0 1 282 194z', '#ffffff', { opacity: 0.13 }) +
    svgPath('M340 400L474 566A214 214 0 0 1 398 606z', '#ffffff', { opacity: 0.13 }) +
    circle(340, 400, 74, s.slant([0, lighter(second, 0.3)], [1, darker(second, 0.15)])) +
    circle(340, 400, 54, 'none', { stroke: lighter(second, 0.6), 'stroke-width': 3, opacity: 0.7 }) +
    rect([312, 366, 56, 7], 3, '#fff6e4', { opacity: 0.85 }) +
    rect([322, 426, 36, 5], 2, '#fff6e4', { opacity: 0.7 }) +
    circle(340, 400, 8, '#e9e6df') +
    stroke('M624 244L612 460L520 540', '#2a2233', 14, { opacity: 0.25, transform: 'translate(12 18)' }) +
    circle(624, 240, 50, s.ball('#4a4d54')) +
    circle(624, 240, 32, s.metal(STEEL)) +
    stroke('M624 200L612 460L522 538', '#dfe2e6', 13) +
    stroke('M621 210L609 458L524 532', '#ffffff', 4) +
    move(
      'translate(516 544) rotate(49)',
      rect([-20, -16, 54, 32], 6, '#34363b'),
      rect([-24, -4, 10, 20], 2, '#d9b56d'),
    ) +
    circle(652, 590, 28, s.ball(STEEL)) +
    circle(580, 600, 15, s.ball('#3b3d42')) +
    circle(130, 606, 7, '#e8663c') +
    circle(130, 606, 16, s.glow('#ff8a5c', 0.6))
  );
};

export const radio: Drawing = (s, { main, second }) => {
  const box = roundRect([140, 300, 520, 340], 46);
  return (
    s.shadow(400, 654, 290, 26) +
    stroke('M560 310L670 90', '#aab0b7', 7) +
    circle(671, 88, 9, s.ball(STEEL)) +
    stroke('M210 306C210 226 590 226 590 306', darker(WALNUT, 0.2), 24) +
    stroke('M216 298C224 238 576 238 584 298', lighter(WALNUT, 0.2), 9) +
    rect([200, 630, 60, 24], 8, darker(main, 0.5)) +
    rect([540, 630, 60, 24], 8, darker(main, 0.5)) +
    svgPath(box, s.slant([0, lighter(main, 0.4)], [0.45, main], [1, darker(main, 0.25)])) +
    rect([164, 324, 472, 292], 32, s.soft(second)) +
    s.clip(
      roundRect([186, 346, 230, 248], 20),
      rect([186, 346, 230, 248], 0, darker(WALNUT, 0.1)),
      times(16, (i) => rect([186, 352 + i * 16, 230, 6], 0, lighter(WALNUT, 0.35))),
    ) +
    rect([436, 346, 178, 86], 12, s.down([0, '#fff3d0'], [1, '#f3d593'])) +
    times(11, (i) => rect([450 + i * 15, 366, 2, i % 5 ? 12 : 22], 0, '#6d5433')) +
    rect([450, 408, 150, 3], 1, '#6d5433', { opacity: 0.5 }) +
    rect([520, 352, 4, 74], 2, '#c9402b') +
    circle(482, 524, 54, s.metal('#b9bec5')) +
    circle(482, 524, 44, s.ball(main)) +
    rect([479, 486, 6, 24], 3, '#fff6e4', { transform: 'rotate(38 482 524)' }) +
    times(3, (i) => circle(584, 476 + i * 46, 16, s.ball(i === 1 ? main : WALNUT)))
  );
};
