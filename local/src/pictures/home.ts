import { darker, lighter, mix } from './colour.ts';
import type { Drawing } from './product-picture.ts';
import { circle, ellipse, faded, move, rect, ring, roundRect, scatter, stroke, svgPath, times } from './svg-builder.ts';

const OAK = '#c8955c';

// Long: the coordinates of one drawing
export const vase: Drawing = (s, { main, second }) => {
  const body =
    'M352 340C352 380 262 420 262 520C262 600 320 652 340 652H460C480 652 538 600 538 520C538 420 448 380 448 340z';
  const stem = (d: string, leaves: readonly (readonly [number, number, number])[], tint: string) =>
    stroke(d, darker(tint, 0.35), 5) +
    leaves
      .map(([x, y, turn]) =>
        svgPath('M0 0C14 -26 44 -26 56 0C44 18 14 18 0 0z', s.soft(tint), {
          transform: `translate(${x} ${y}) rotate(${turn})`,
        }),
      )
      .join('');
  return (
    s.shadow(410, 652, 170, 22) +
    move(
      'translate(400 652) scale(.86) translate(-400 -652)',
      stem(
        'M392 350C380 240 330 170 300 70',
        [
          [384, 290, 200],
          [376, 250, -20],
          [362, 212, 196],
          [352, 186, -30],
          [336, 150, 206],
          [324, 128, -40],
          [304, 84, -96],
        ],
        second,
      ) +
        stem(
          'M404 350C410 230 430 130 420 30',
          [
            [406, 280, -28],
            [410, 236, 200],
            [416, 190, -34],
            [420, 150, 196],
            [424, 110, -44],
            [422, 74, 220],
            [420, 44, -92],
          ],
          mix(second, '#e8dfb8', 0.3),
        ) +
        stem(
          'M414 350C440 260 500 200 540 110',
          [
            [430, 296, -4],
            [446, 262, 176],
            [466, 234, -10],
            [488, 204, 170],
            [508, 174, -16],
            [524, 150, 160],
            [536, 118, -66],
          ],
          darker(second, 0.1),
        ) +
        svgPath(body, s.round(main)) +
        s.clip(
          body,
          svgPath('M262 500Q400 544 538 500V552Q400 596 262 552z', darker(main, 0.22), { opacity: 0.5 }),
          times(12, (i) => svgPath(`M${262 + i * 24} 512l12 26l12 -26z`, lighter(main, 0.5), { opacity: 0.6 })),
          svgPath('M300 452Q284 520 318 610L338 610Q312 520 332 440z', '#ffffff', { opacity: 0.3 }),
        ) +
        ellipse(400, 340, 49, 13, lighter(main, 0.25)) +
        ellipse(400, 342, 40, 9, darker(main, 0.5)),
    )
  );
};

export const candle: Drawing = (s, { main, second }) => {
  const jar = 'M258 358H542V612Q542 652 502 652H298Q258 652 258 612z';
  return (
    s.shadow(400, 652, 220, 26) +
    circle(400, 300, 250, s.glow('#ffdf9a', 0.85)) +
    svgPath(jar, s.round(main)) +
    s.clip(
      jar,
      rect([258, 356, 284, 100], 0, darker(main, 0.4), { opacity: 0.35 }),
      rect([258, 452, 284, 210], 0, s.down([0, '#ffe9bd', 0.75], [1, '#ffe9bd', 0.1])),
      rect([280, 340, 24, 320], 10, '#ffffff', { opacity: 0.28 }),
    ) +
    ellipse(400, 452, 134, 17, '#fff1d0') +
    ellipse(400, 450, 44, 7, '#ffd98c', { opacity: 0.8 }) +
    stroke('M400 448Q398 430 402 416', '#3a2d25', 5) +
    svgPath(
      'M402 428C374 424 372 392 388 366C394 350 402 340 402 318C426 344 440 380 430 406Q424 426 402 428z',
      s.down([0, '#ffb23e'], [0.6, '#ffd76b'], [1, '#fff3c4']),
    ) +
    svgPath('M402 424C390 420 388 404 396 390Q402 380 402 370C414 388 418 402 412 416Q408 424 402 424z', '#fffbe6') +
    ellipse(400, 358, 140, 18, 'none', { stroke: lighter(main, 0.45), 'stroke-width': 6, opacity: 0.75 }) +
    rect([318, 496, 164, 106], 6, s.soft('#f8f1e2')) +
    rect([328, 506, 144, 86], 3, 'none', { stroke: second, 'stroke-width': 2.5 }) +
    svgPath(
      'M400 568C370 560 362 536 376 518C388 528 396 540 400 552C404 540 412 528 424 518C438 536 430 560 400 568z',
      second,
    ) +
    rect([368, 576, 64, 5], 2, second, { opacity: 0.7 })
  );
};

export const clock: Drawing = (s, { main, second }) =>
  s.cast(ring(400, 400, 250), 24, 34, 20, 0.32) +
  circle(400, 400, 250, s.slant([0, lighter(main, 0.4)], [0.5, main], [1, darker(main, 0.35)])) +
  circle(400, 400, 224, s.slant([0, darker(main, 0.3)], [1, lighter(main, 0.25)])) +
  circle(
    400,
    400,
    216,
    s.radial(
      [
        [0, '#ffffff'],
        [0.75, '#f7f1e6'],
        [1, '#e2d9c9'],
      ],
      0.4,
      0.35,
      0.75,
    ),
  ) +
  times(60, (i) =>
    rect([i % 5 ? 398.5 : 396, 202, i % 5 ? 3 : 8, i % 5 ? 12 : 34], i % 5 ? 1 : 4, i % 5 ? '#a79f92' : '#3b3d42', {
      transform: `rotate(${i * 6} 400 400)`,
    }),
  ) +
  faded(
    0.22,
    move(
      'translate(6 10)',
      rect([392, 262, 16, 160], 8, '#2a2233', { transform: 'rotate(-56 400 400)' }),
      rect([394, 226, 12, 196], 6, '#2a2233', { transform: 'rotate(60 400 400)' }),
    ),
  ) +
  rect([391, 272, 18, 150], 9, '#34363b', { transform: 'rotate(-56 400 400)' }) +
  rect([393.5, 226, 13, 196], 6.5, '#34363b', { transform: 'rotate(60 400 400)' }) +
  rect([398, 236, 4, 220], 2, second, { transform: 'rotate(214 400 400)' }) +
  circle(400, 400, 17, second) +
  circle(396, 396, 6, lighter(second, 0.5)) +
  svgPath('M250 262A200 200 0 0 1 400 196L400 214A184 184 0 0 0 262 276z', '#ffffff', { opacity: 0.5 });

export const basket: Drawing = (s, { main, second }) => {
  const body = 'M228 370Q232 540 262 636Q268 652 290 652H510Q532 652 538 636Q568 540 572 370z';
  return (
    s.shadow(400, 654, 230, 26) +
    svgPath('M262 376C262 300 318 262 370 300Q420 252 470 296C530 272 546 320 540 376z', s.soft(second)) +
    stroke('M300 372C304 330 340 306 366 330M398 372C404 316 448 300 470 330', darker(second, 0.3), 5, {
      opacity: 0.35,
    }) +
    times(15, (i) => stroke(`M${424 + i * 8} ${332 + (i % 2) * 4}v46`, lighter(second, 0.3), 3, { opacity: 0.5 })) +
    stroke('M232 430C170 420 170 520 244 516M568 430C630 420 630 520 556 516', darker(main, 0.25), 20) +
    stroke('M232 428C176 420 176 516 244 512M568 428C624 420 624 516 556 512', lighter(main, 0.12), 11, {
      'stroke-dasharray': '12 7',
    }) +
    svgPath(body, s.round(main)) +
    s.clip(
      body,
      times(12, (row) =>
        times(17, (i) =>
          rect(
            [216 + i * 24 - (row % 2) * 12, 372 + row * 24, 22, 20],
            9,
            i % 2 === row % 2 ? lighter(main, 0.22) : darker(main, 0.14),
            { opacity: 0.6 },
          ),
        ),
      ),
      rect([200, 470, 400, 70], 0, lighter(main, 0.75), { opacity: 0.5 }),
      svgPath('M440 340H600V680H440z', s.across([0, '#2a2233', 0], [1, '#2a2233', 0.34])),
    ) +
    stroke('M228 374Q400 394 572 374', darker(main, 0.3), 26) +
    stroke('M228 370Q400 390 572 370', lighter(main, 0.2), 20) +
    stroke('M228 370Q400 390 572 370', darker(main, 0.2), 20, {
      'stroke-dasharray': '3 15',
      'stroke-linecap': 'butt',
      opacity: 0.6,
    })
  );
};

export const mirror: Drawing = (s, { main }) => {
  const leaves = scatter(20, 9);
  return (
    s.cast(ring(400, 350, 232), 20, 30, 18, 0.3) +
    circle(400, 350, 232, s.slant([0, lighter(main, 0.4)], [0.5, main], [1, darker(main, 0.3)])) +
    circle(400, 350, 208, darker(main, 0.35)) +
    circle(400, 350, 203, s.slant([0, '#f4f8f7'], [0.5, '#c9d8da'], [1, '#9fb4ba'])) +
    s.clip(
      ring(400, 350, 203),
      svgPath('M180 420L470 90L560 130L230 520z', '#ffffff', { opacity: 0.45 }),
      svgPath('M330 560L610 240L640 290L400 590z', '#ffffff', { opacity: 0.3 }),
    ) +
    s.cast(roundRect([150, 640, 500, 30], 6), 8, 18, 10, 0.3) +
    rect([150, 640, 500, 30], 6, s.down([0, lighter(OAK, 0.3)], [1, darker(OAK, 0.1)])) +
    svgPath('M492 560H588L576 640H504z', s.round('#c4694a')) +
    rect([484, 546, 112, 22], 6, s.round('#cf7a58')) +
    times(10, (i) =>
      svgPath('M0 0C-22 -40 -16 -96 0 -130C16 -96 22 -40 0 0z', s.soft(i % 2 ? '#6c8f5a' : '#547a4c'), {
        transform: `translate(${520 + i * 4.4} 552) rotate(${-64 + i * 14}) scale(${0.75 + (leaves[i] ?? 0) * 0.4})`,
      }),
    ) +
    rect([214, 606, 120, 34], 4, s.soft('#30465c')) +
    rect([226, 576, 100, 30], 4, s.soft('#d9a15a')) +
    rect([240, 606, 8, 34], 0, '#f2e6cf', { opacity: 0.7 })
  );
};
