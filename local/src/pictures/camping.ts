import { darker, lighter, mix } from './colour.ts';
import type { Drawing } from './product-picture.ts';
import { circle, ellipse, move, rect, roundRect, stroke, svgPath, times } from './svg-builder.ts';

const STEEL = '#c9cdd2';
/** Hills and firs behind what is used out of doors; covers the wall of the table. */
const hills = (far: string, near: string) =>
  svgPath('M-200 470Q0 330 150 420T400 340T640 430T1000 360V560H-200z', far) +
  svgPath('M-200 540Q60 430 260 510T620 480T1000 500V562H-200z', near) +
  times(9, (i) => {
    const x = [20, 66, 110, 640, 690, 730, 776, 160, 606][i] ?? 0;
    const h = 90 + ((i * 37) % 60);
    return svgPath(
      `M${x} ${540 - h}L${x + 24} ${540 - h * 0.4}H${x + 12}L${x + 32} 546H${x - 32}L${x - 12} ${540 - h * 0.4}H${x - 24}z`,
      darker(near, 0.28 + (i % 3) * 0.06),
    );
  });

export const tent: Drawing = (s, { main, second, third }) => {
  const front = 'M380 236L640 640H180z';
  return (
    hills(mix(third, '#ffffff', 0.45), third) +
    rect([-200, 556, 1200, 300], 0, s.down([0, darker(third, 0.12)], [1, darker(third, 0.32)])) +
    s.shadow(430, 646, 330, 26) +
    svgPath('M380 236L520 250L730 610L640 640z', s.slant([0, darker(main, 0.12)], [1, darker(main, 0.42)])) +
    svgPath(front, s.across([0, lighter(main, 0.32)], [0.5, main], [1, darker(main, 0.1)])) +
    svgPath('M380 300L500 640H282z', darker(main, 0.62)) +
    svgPath('M386 330L470 640H310z', '#ffd88a', { opacity: 0.5 }) +
    circle(392, 560, 80, s.glow('#ffe2a0', 0.7)) +
    svgPath('M380 300L282 640H226Q318 500 380 300z', s.slant([0, lighter(main, 0.45)], [1, main])) +
    svgPath('M380 300L500 640H556Q446 500 380 300z', s.slant([0, main], [1, darker(main, 0.25)])) +
    stroke('M380 300L272 560M380 300L506 560', second, 5) +
    stroke('M380 236L640 640M380 236L180 640', lighter(main, 0.5), 4, { opacity: 0.8 }) +
    stroke('M380 236V212M520 250L524 230', '#dfe2e6', 6) +
    stroke('M380 222L110 660M524 236L770 640', '#f6efe0', 3) +
    stroke('M110 646v24M770 628v24', '#6d452c', 7) +
    times(26, (i) =>
      stroke(
        `M${60 + i * 28} ${654 + ((i * 31) % 60)}l-5 -18M${64 + i * 28} ${654 + ((i * 31) % 60)}l6 -14`,
        lighter(third, 0.2),
        4,
        { opacity: 0.6 },
      ),
    )
  );
};

export const campLantern: Drawing = (s, { main }) =>
  circle(400, 430, 340, s.glow('#ffd98c', 0.7)) +
  ellipse(400, 650, 290, 36, s.glow('#ffd98c', 0.6)) +
  s.shadow(400, 660, 170, 20) +
  stroke('M270 330C250 130 550 130 530 330', '#8d929a', 10) +
  rect([372, 150, 56, 22], 10, '#6d452c') +
  svgPath('M330 250Q330 206 400 206T470 250V280H330z', s.round(main)) +
  times(5, (i) => rect([350 + i * 22, 232, 12, 26], 5, darker(main, 0.5))) +
  svgPath('M280 280H520L506 318H294z', s.round(main)) +
  svgPath(
    'M304 318H496Q524 430 496 540H304Q276 430 304 318z',
    s.radial(
      [
        [0, '#ffffff'],
        [0.35, '#fff3cf', 0.95],
        [1, '#ffc766', 0.55],
      ],
      0.5,
      0.6,
      0.6,
    ),
  ) +
  svgPath(
    'M400 380C430 420 442 448 434 478Q426 506 400 508T366 478C358 448 380 430 400 380z',
    s.down([0, '#ff9d2e'], [1, '#fff0bd']),
  ) +
  svgPath('M400 430C414 452 420 470 414 486Q408 500 400 500T386 486C382 470 392 456 400 430z', '#fffbe6') +
  rect([388, 506, 24, 36], 4, '#8d929a') +
  svgPath('M322 330Q304 430 320 530H338Q322 430 340 330z', '#ffffff', { opacity: 0.6 }) +
  stroke('M304 320Q276 430 304 540M496 320Q524 430 496 540M278 430H522', '#6f747b', 5, { opacity: 0.75 }) +
  svgPath('M290 540H510L524 580H276z', s.round(main)) +
  svgPath('M268 580H532Q540 620 520 656H280Q260 620 268 580z', s.round(main)) +
  circle(516, 612, 15, s.metal('#d9b56d')) +
  stroke('M516 612h40', '#c8a45c', 8) +
  rect([330, 600, 100, 34], 5, lighter(main, 0.7), { opacity: 0.85 });

export const sleepingBag: Drawing = (s, { main, second }) => {
  const bag =
    'M-120 -290Q0 -350 120 -290Q160 -180 150 -40L108 270Q100 310 0 312T-108 270L-150 -40Q-160 -180 -120 -290z';
  return (
    move(
      'translate(330 410) rotate(-14)',
      svgPath(bag, '#2a2233', { opacity: 0.24, transform: 'translate(16 22)' }),
      svgPath(bag, s.across([0, darker(main, 0.15)], [0.3, lighter(main, 0.25)], [0.7, main], [1, darker(main, 0.28)])),
      s.clip(
        bag,
        times(
          9,
          (i) =>
            stroke(`M-170 ${-190 + i * 58}Q0 ${-160 + i * 58} 170 ${-190 + i * 58}`, darker(main, 0.4), 7, {
              opacity: 0.3,
            }) +
            stroke(`M-170 ${-180 + i * 58}Q0 ${-150 + i * 58} 170 ${-180 + i * 58}`, lighter(main, 0.5), 4, {
              opacity: 0.3,
            }),
        ),
      ),
      svgPath('M-96 -276Q0 -326 96 -276Q118 -200 96 -150Q0 -120 -96 -150Q-118 -200 -96 -276z', s.ball(second)),
      svgPath(
        'M-70 -262Q0 -294 70 -262Q84 -218 70 -190Q0 -170 -70 -190Q-84 -218 -70 -262z',
        s.ball(lighter(second, 0.4)),
      ),
      stroke('M96 -160Q118 0 70 250', '#f3e6cf', 5, { 'stroke-dasharray': '3 5', 'stroke-linecap': 'butt' }),
      rect([88, -150, 12, 34], 5, STEEL),
    ) +
    move(
      'translate(620 560) rotate(8)',
      svgPath(roundRect([-84, -130, 168, 250], 40), '#2a2233', { opacity: 0.24, transform: 'translate(12 18)' }),
      svgPath(roundRect([-84, -130, 168, 250], 40), s.round(second)),
      ellipse(0, -120, 64, 20, darker(second, 0.25)),
      stroke('M-30 -122Q0 -140 30 -122', '#f3e6cf', 6),
      times(
        3,
        (i) =>
          rect([-88, -70 + i * 70, 176, 14], 5, darker(second, 0.35)) + rect([-16, -76 + i * 70, 32, 26], 5, '#3b3d42'),
      ),
    )
  );
};

export const campChair: Drawing = (s, { main, second }) =>
  s.shadow(410, 660, 250, 26) +
  stroke('M300 470L520 652M300 652L520 470', darker(second, 0.35), 15) +
  stroke('M240 490L470 656M250 656L560 500', darker(second, 0.2), 18) +
  stroke('M238 486L468 652M250 652L558 497', lighter(second, 0.25), 7) +
  stroke('M264 500L224 200M560 500L596 200', darker(second, 0.2), 18) +
  stroke('M261 500L221 200M557 500L593 200', lighter(second, 0.25), 7) +
  svgPath('M232 210Q410 250 590 210L566 430Q410 470 258 430z', s.ball(main, 0.8)) +
  svgPath('M232 210Q410 250 590 210L586 246Q410 286 236 246z', darker(main, 0.18)) +
  stroke('M244 254Q410 294 582 254', lighter(main, 0.5), 3, { 'stroke-dasharray': '8 6', opacity: 0.8 }) +
  svgPath(
    'M250 430Q410 470 572 430L610 520Q410 580 214 520z',
    s.down([0, darker(main, 0.2)], [0.5, lighter(main, 0.1)], [1, darker(main, 0.14)]),
  ) +
  stroke('M216 516Q410 574 608 516', darker(main, 0.35), 8, { opacity: 0.6 }) +
  stroke('M200 396L270 410M550 410L626 396', '#d5a36b', 28) +
  stroke('M202 391L268 404M552 404L624 391', '#f0cfa0', 6) +
  svgPath('M330 300h150v84q0 14 -14 14h-122q-14 0 -14 -14z', darker(main, 0.12), { opacity: 0.6 }) +
  stroke('M340 314h130', lighter(main, 0.5), 3, { 'stroke-dasharray': '8 6', opacity: 0.7 });

export const hammock: Drawing = (s, { main, second, third }) => {
  const cloth = 'M150 330Q400 420 650 330Q600 560 400 566T150 330z';
  return (
    hills(mix(third, '#ffffff', 0.5), mix(third, '#ffffff', 0.2)) +
    rect([-200, 556, 1200, 300], 0, s.down([0, darker(third, 0.1)], [1, darker(third, 0.28)])) +
    s.shadow(400, 640, 260, 22) +
    rect([40, -200, 62, 860], 0, s.round('#7d5a3c')) +
    rect([698, -200, 62, 860], 0, s.round('#6d4e34')) +
    times(12, (i) => stroke(`M${i % 2 ? 60 : 720} ${-20 + i * 56}q8 24 0 44`, '#4a3322', 4, { opacity: 0.5 })) +
    rect([36, 250, 70, 18], 4, second) +
    rect([694, 250, 70, 18], 4, second) +
    times(6, (i) =>
      stroke(`M104 260L${152 + i * 10} ${330 + i * 24}M696 260L${648 - i * 10} ${330 + i * 24}`, '#f3e6cf', 3.5),
    ) +
    svgPath('M150 330Q400 300 650 330Q400 440 150 330z', darker(main, 0.35)) +
    svgPath(cloth, s.down([0, lighter(main, 0.2)], [1, darker(main, 0.18)])) +
    s.clip(
      cloth,
      times(7, (i) =>
        stroke(
          `M140 ${346 + i * 30}Q400 ${452 + i * 24} 660 ${346 + i * 30}`,
          i % 2 ? second : lighter(main, 0.6),
          i % 2 ? 12 : 6,
          { opacity: 0.75 },
        ),
      ),
      svgPath('M140 470Q400 640 660 470V600H140z', '#1d1b2d', { opacity: 0.14 }),
    ) +
    svgPath('M190 350Q250 312 312 356Q320 386 300 396Q240 410 196 376z', s.ball('#f3e6cf')) +
    times(22, (i) =>
      stroke(
        `M${170 + i * 21.9} ${Math.round(388 + Math.sin((i / 21) * Math.PI) ** 0.8 * 174)}q${i % 2 ? 4 : -4} 14 0 28`,
        '#f3e6cf',
        3.5,
      ),
    )
  );
};
