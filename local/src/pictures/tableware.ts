import { darker, lighter, mix } from './colour.ts';
import type { Drawing } from './product-picture.ts';
import { circle, ellipse, faded, move, rect, scatter, stroke, svgPath, times } from './svg-builder.ts';

const OAK = '#c8955c';
const STEEL = '#c9cdd2';

export const mug: Drawing = (s, { main, second }) => {
  const body = 'M262 330C262 470 268 560 290 622Q300 648 330 650H450Q480 648 490 622C512 560 518 470 518 330z';
  const specks = scatter(140, 5);
  return (
    s.shadow(410, 650, 230, 26) +
    stroke('M505 400C610 380 620 540 492 560', darker(main, 0.22), 40) +
    stroke('M505 398C606 378 616 536 492 556', main, 32) +
    stroke('M512 388C590 374 606 448 588 494', lighter(main, 0.35), 7, { opacity: 0.7 }) +
    svgPath(body, s.round(main)) +
    s.clip(
      body,
      svgPath('M240 580Q300 560 350 584T450 580T540 572V700H240z', s.round(second)),
      stroke('M240 580Q300 560 350 584T450 580T540 572', darker(main, 0.25), 4, { opacity: 0.5 }),
      times(70, (i) =>
        circle(262 + (specks[i] ?? 0) * 256, 345 + (specks[i + 70] ?? 0) * 230, 1.6 + (i % 3), darker(main, 0.5), {
          opacity: 0.35,
        }),
      ),
      svgPath('M300 350Q300 500 318 600L336 600Q322 480 326 350z', '#ffffff', { opacity: 0.25 }),
    ) +
    ellipse(390, 330, 128, 27, lighter(main, 0.3)) +
    ellipse(390, 333, 114, 21, darker(main, 0.35)) +
    ellipse(390, 340, 106, 16, '#4a2c1a') +
    ellipse(372, 337, 50, 6, '#8a5a34', { opacity: 0.7 }) +
    faded(
      0.55,
      stroke('M350 280C330 240 372 220 350 170', '#ffffff', 9),
      stroke('M398 270C378 220 424 195 400 130', '#ffffff', 9),
      stroke('M444 282C428 244 464 226 446 186', '#ffffff', 9),
    )
  );
};

export const pourOver: Drawing = (s, { main }) => {
  const jug = 'M340 405C330 440 262 500 258 580Q256 650 310 652H490Q544 650 542 580C538 500 470 440 460 405z';
  return (
    s.shadow(400, 652, 210, 24) +
    svgPath(jug, '#ffffff', { opacity: 0.5 }) +
    s.clip(
      jug,
      svgPath('M240 545Q320 530 400 545T560 545V660H240z', s.down([0, '#6b3d1f'], [1, '#2e1a10'])),
      ellipse(400, 545, 150, 13, '#8a5330'),
      svgPath('M300 480Q270 540 280 640L306 640Q292 560 322 470z', '#ffffff', { opacity: 0.5 }),
      svgPath('M505 480Q530 540 520 630L508 634Q520 560 490 480z', '#ffffff', { opacity: 0.3 }),
    ) +
    stroke(jug, '#8fa3a8', 4, { opacity: 0.55 }) +
    stroke('M528 520C620 500 620 640 520 620', '#9fb2b6', 16, { opacity: 0.7 }) +
    stroke('M528 517C614 498 614 634 520 617', '#ffffff', 5, { opacity: 0.8 }) +
    rect([330, 392, 140, 30], 12, s.round(OAK)) +
    stroke('M400 422v20', '#d8b48a', 7) +
    svgPath('M316 372H484L468 396H332z', s.round(main)) +
    svgPath('M270 210H530L466 374H334z', s.round(main)) +
    svgPath('M268 204C262 170 320 158 400 158S538 170 532 204z', '#fbf6ea') +
    stroke('M300 200L318 168M350 200L358 162M400 202V158M450 200L442 162M500 200L482 168', '#dccfb4', 3) +
    ellipse(400, 206, 131, 20, lighter(main, 0.3)) +
    ellipse(400, 209, 116, 14, '#4a2a17') +
    times(9, (i) => circle(310 + i * 22, 208 + ((i * 7) % 9) - 4, 5, '#6d4125')) +
    stroke('M520 250C600 230 590 340 492 330', main, 22) +
    stroke('M524 244C590 232 590 300 556 316', lighter(main, 0.35), 5, { opacity: 0.7 }) +
    faded(
      0.5,
      stroke('M370 142C356 124 384 112 372 92', '#ffffff', 8),
      stroke('M420 138C408 120 434 108 422 84', '#ffffff', 8),
    )
  );
};

export const kettle: Drawing = (s, { main }) => {
  const body =
    'M290 420C250 500 236 600 262 640Q270 652 290 652H530Q550 652 556 640C584 600 566 500 526 420Q510 396 480 394H336Q306 396 290 420z';
  return (
    s.shadow(410, 654, 230, 26) +
    stroke('M270 580C170 580 190 440 150 372', darker(main, 0.25), 36) +
    stroke('M268 574C176 574 190 436 148 372', main, 26) +
    stroke('M240 562C186 548 186 440 152 384', lighter(main, 0.45), 6, { opacity: 0.7 }) +
    svgPath('M128 378L166 356L150 340L122 352z', darker(main, 0.15)) +
    stroke('M520 424C660 420 650 640 548 628', darker(main, 0.5), 12) +
    stroke('M596 456C640 486 640 560 604 600', s.down([0, OAK], [1, darker(OAK, 0.3)]), 34) +
    stroke('M594 466C624 492 626 540 604 580', lighter(OAK, 0.4), 5, { opacity: 0.6 }) +
    svgPath(body, s.round(main)) +
    s.clip(
      body,
      svgPath('M306 420C270 500 262 590 280 640L312 640C290 580 306 490 336 420z', '#ffffff', { opacity: 0.3 }),
      rect([200, 618, 400, 40], 0, darker(main, 0.35), { opacity: 0.4 }),
    ) +
    ellipse(408, 398, 92, 17, darker(main, 0.2)) +
    svgPath('M330 392Q340 352 408 350T486 392Q408 414 330 392z', s.round(lighter(main, 0.08))) +
    rect([398, 322, 20, 34], 6, darker(main, 0.45)) +
    circle(408, 308, 26, s.ball(OAK)) +
    faded(
      0.5,
      stroke('M130 320C112 290 146 268 126 228', '#ffffff', 8),
      stroke('M160 310C146 284 172 262 158 236', '#ffffff', 6),
    )
  );
};

export const bowls: Drawing = (s, { main, second, third }) => {
  const bowl = (y: number, half: number, colour: string) => {
    const outline = `M${400 - half} ${y}C${400 - half + 14} ${y + 88} ${400 - half * 0.55} ${y + 130} ${400 - half * 0.36} ${y + 134}H${400 + half * 0.36}C${400 + half * 0.55} ${y + 130} ${400 + half - 14} ${y + 88} ${400 + half} ${y}z`;
    return (
      svgPath(outline, s.round(colour)) +
      s.clip(
        outline,
        svgPath(
          `M${400 - half} ${y + 96}Q400 ${y + 124} ${400 + half} ${y + 96}V${y + 150}H${400 - half}z`,
          '#e7d3b5',
          {
            opacity: 0.75,
          },
        ),
        svgPath(
          `M${400 - half * 0.86} ${y}Q${400 - half * 0.78} ${y + 80} ${400 - half * 0.5} ${y + 120}L${400 - half * 0.38} ${y + 120}Q${400 - half * 0.64} ${y + 70} ${400 - half * 0.7} ${y}z`,
          '#ffffff',
          { opacity: 0.25 },
        ),
      ) +
      ellipse(400, y, half, half * 0.15, lighter(colour, 0.28)) +
      ellipse(400, y + 3, half - 10, half * 0.15 - 5, s.down([0, darker(colour, 0.3)], [1, colour]))
    );
  };
  return (
    s.shadow(400, 652, 220, 26) +
    bowl(516, 236, main) +
    bowl(438, 200, second) +
    bowl(368, 166, third) +
    times(7, (i) =>
      circle(308 + i * 31, 352 + (i % 2) * -16, 27, s.ball(['#c8452f', '#e08a2c', '#d9602f'][i % 3] ?? '#c8452f')),
    ) +
    s.clip(
      `M200 200H600V371C566 392 234 392 200 371z`,
      times(4, (i) => circle(338 + i * 42, 330, 27, s.ball(['#e8a93a', '#cf4f33'][i % 2] ?? '#e8a93a'))),
    ) +
    svgPath(`M234 368C234 400 566 400 566 368L566 374C560 404 240 404 234 374z`, lighter(third, 0.28)) +
    stroke('M400 312Q404 290 418 276', '#5d7a3a', 6) +
    svgPath('M418 278Q448 256 476 270Q454 296 418 278z', '#7ba055')
  );
};

export const mills: Drawing = (s, { main, second }) => {
  const mill = (x: number, colour: string, scale: number) =>
    move(
      `translate(${x} 650) scale(${scale})`,
      s.shadow(6, 0, 120, 20),
      svgPath(
        'M-62 0Q-70 -4 -66 -30C-60 -90 -38 -120 -38 -190C-38 -214 -54 -224 -52 -246H52C54 -224 38 -214 38 -190C38 -120 60 -90 66 -30Q70 -4 62 0z',
        s.round(colour),
      ),
      rect([-56, -262, 112, 16], 6, s.metal(STEEL)),
      svgPath(
        'M-52 -264C-64 -300 -56 -352 -24 -368Q-14 -374 -14 -386H14Q14 -374 24 -368C56 -352 64 -300 52 -264z',
        s.round(colour),
      ),
      circle(
        0,
        -402,
        20,
        s.radial(
          [
            [0, '#ffffff'],
            [0.5, STEEL],
            [1, '#7d838a'],
          ],
          0.35,
          0.3,
          0.7,
        ),
      ),
      stroke('M-64 -26H64M-56 -60H56', darker(colour, 0.4), 3, { opacity: 0.5 }),
      stroke('M-20 -220C-26 -130 -40 -90 -42 -20M14 -220C16 -140 34 -100 40 -20', darker(colour, 0.35), 2, {
        opacity: 0.3,
      }),
    );
  const grains = scatter(60, 11);
  return (
    mill(310, main, 1.18) +
    mill(500, second, 0.95) +
    times(30, (i) =>
      circle(
        340 + (grains[i] ?? 0) * 180,
        682 + (grains[i + 30] ?? 0) * 26,
        3 + (i % 3),
        i % 2 ? '#2e2722' : mix('#ffffff', main, 0.06),
      ),
    )
  );
};
