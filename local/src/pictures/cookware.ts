import { darker, lighter } from './colour.ts';
import type { Drawing } from './product-picture.ts';
import { circle, ellipse, move, rect, ring, scatter, stroke, svgPath, times } from './svg-builder.ts';

export const skillet: Drawing = (s, { main }) => {
  const iron = main;
  const pepper = scatter(32, 3);
  const handle = 'M560 300L700 158Q732 130 758 156T748 214L606 346z';
  return (
    s.cast(ring(360, 440, 250), 14, 22, 16, 0.35) +
    s.cast(handle, 12, 18, 10, 0.3) +
    svgPath(handle, s.slant([0, lighter(iron, 0.25)], [1, darker(iron, 0.25)])) +
    circle(722, 184, 15, '#e9dfd0') +
    svgPath('M112 420L84 440L112 462z', iron) +
    circle(360, 440, 250, s.slant([0, lighter(iron, 0.3)], [0.5, iron], [1, darker(iron, 0.4)])) +
    circle(360, 440, 222, s.slant([0, darker(iron, 0.55)], [1, lighter(iron, 0.16)])) +
    circle(360, 440, 208, s.ball(darker(iron, 0.12), 0.8)) +
    svgPath(
      'M250 420C230 350 320 310 366 340S470 330 484 396S470 500 410 500S360 540 310 520S262 470 250 420z',
      s.ball('#fffaf0', 0.5),
    ) +
    stroke('M256 430C244 372 320 330 362 354', '#e8c48c', 5, { opacity: 0.5 }) +
    circle(
      372,
      420,
      50,
      s.radial(
        [
          [0, '#ffd469'],
          [0.6, '#f7ab2c'],
          [1, '#de8417'],
        ],
        0.38,
        0.34,
        0.7,
      ),
    ) +
    ellipse(354, 400, 15, 9, '#fff5d4', { opacity: 0.85, transform: 'rotate(-30 354 400)' }) +
    stroke('M236 560Q300 600 390 588', '#50703f', 5) +
    times(11, (i) => {
      const x = 240 + i * 14;
      const y = 562 + Math.sin(i / 3.6) * 30;
      return stroke(`M${x} ${y}l${i % 2 ? 10 : 3} ${i % 2 ? -20 : 22}`, i % 2 ? '#6d9154' : '#587d45', 6);
    }) +
    times(16, (i) =>
      circle(290 + (pepper[i] ?? 0) * 160, 366 + (pepper[i + 16] ?? 0) * 120, 2.4, '#3a2a20', { opacity: 0.55 }),
    )
  );
};

export const board: Drawing = (s, { main }) => {
  const outline =
    'M210 240Q210 200 250 200H340Q372 200 372 150Q372 96 400 96T428 150Q428 200 460 200H550Q590 200 590 240V660Q590 704 548 704H252Q210 704 210 660z';
  return (
    s.cast(outline, 16, 20, 14, 0.32) +
    svgPath(outline, darker(main, 0.3), { transform: 'translate(3 9)' }) +
    svgPath(outline, s.slant([0, lighter(main, 0.26)], [0.5, main], [1, darker(main, 0.12)])) +
    s.clip(
      outline,
      times(13, (i) =>
        stroke(
          `M${214 + i * 31} 90C${190 + i * 34} 260 ${240 + i * 27} 440 ${206 + i * 31} 720`,
          darker(main, 0.28),
          2.5 + (i % 3) * 1.5,
          { opacity: 0.28 },
        ),
      ),
      stroke('M330 430C380 400 400 480 350 520S300 470 330 430', darker(main, 0.4), 3, { opacity: 0.4 }),
      stroke('M318 420C390 380 424 490 356 540S276 480 318 420', darker(main, 0.4), 3, { opacity: 0.28 }),
    ) +
    circle(400, 140, 15, darker(main, 0.55)) +
    stroke('M400 138C376 90 388 62 400 58S426 90 402 138', '#8a5a3a', 8) +
    move(
      'translate(490 560)',
      svgPath(ring(0, 0, 62), '#2a2233', { opacity: 0.2, transform: 'translate(7 10)' }),
      circle(0, 0, 62, '#f0c22e'),
      circle(0, 0, 54, '#fff6cf'),
      times(9, (i) =>
        svgPath('M0 -6L15 -44Q0 -54 -15 -44z', s.down([0, '#f8d95b'], [1, '#fbe9a0']), {
          transform: `rotate(${i * 40})`,
        }),
      ),
      circle(0, 0, 5, '#fff6cf'),
    ) +
    move(
      'translate(300 610) rotate(-20)',
      svgPath('M0 0C40 -30 90 -24 120 4C80 26 36 24 0 0z', s.down([0, '#7fa35a'], [1, '#4f7a3d'])),
      stroke('M0 0Q60 -6 118 4', '#cfe0a8', 2.5),
    ) +
    move(
      'translate(320 640) rotate(24)',
      svgPath('M0 0C34 -26 76 -22 100 2C66 22 30 20 0 0z', s.down([0, '#8db366'], [1, '#5a8545'])),
      stroke('M0 0Q50 -4 98 2', '#cfe0a8', 2.5),
    )
  );
};

export const knife: Drawing = (s, { main }) => {
  const blade = 'M60 -48H420C480 -46 540 -20 580 34Q560 40 470 46H60z';
  const grip = 'M-180 -46Q-196 -46 -198 -28V24Q-198 50 -172 46Q-150 40 -120 44T20 42L40 40V-48H-160z';
  const place = 'translate(240 486) rotate(-32) scale(.92)';
  return (
    move(
      place,
      svgPath(blade, '#2a2233', { opacity: 0.22, transform: 'translate(2 26)' }),
      svgPath(grip, '#2a2233', { opacity: 0.24, transform: 'translate(2 26)' }),
    ) +
    move(
      place,
      svgPath(blade, s.down([0, '#8f979f'], [0.3, '#e8ecef'], [0.62, '#b9c0c7'], [1, '#f4f6f7'])),
      svgPath('M60 16H540Q570 28 580 34Q560 40 470 46H60z', '#ffffff', { opacity: 0.55 }),
      stroke('M60 16C240 20 420 16 566 26', '#8b939b', 1.5, { opacity: 0.7 }),
      rect([30, -50, 34, 98], 6, s.down([0, '#8a9097'], [0.4, '#e3e6e9'], [1, '#7b8188'])),
      svgPath(grip, s.down([0, lighter(main, 0.3)], [0.45, main], [1, darker(main, 0.4)])),
      stroke('M-180 -18Q-60 -8 30 -20M-184 8Q-80 18 30 6', darker(main, 0.4), 2.5, { opacity: 0.4 }),
      times(3, (i) => circle(-140 + i * 68, -2, 10, '#d9b56d') + circle(-142 + i * 68, -4, 5, '#f7e2ae')),
    ) +
    move(
      'translate(590 600)',
      s.shadow(6, 60, 90, 22),
      circle(0, 0, 66, s.ball('#d2452f')),
      svgPath('M0 -54L12 -34L36 -40L22 -22L34 -6L8 -16L-6 6L-10 -18L-36 -14L-16 -30L-28 -48L-6 -38z', '#5d8a45'),
      ellipse(-26, -18, 13, 8, '#ffffff', { opacity: 0.6, transform: 'rotate(-40 -26 -18)' }),
    ) +
    move(
      'translate(482 668)',
      s.shadow(4, 42, 64, 16),
      circle(0, 0, 46, s.ball('#dc5a34')),
      svgPath('M0 -38L8 -24L26 -28L16 -14L24 -4L6 -10L-4 4L-8 -12L-26 -10L-12 -22z', '#6a974e'),
      ellipse(-18, -12, 9, 6, '#ffffff', { opacity: 0.6 }),
    )
  );
};
