import { darker, lighter } from './colour.ts';
import type { Drawing } from './product-picture.ts';
import { circle, move, rect, roundRect, stroke, svgPath, times } from './svg-builder.ts';

const OAK = '#c8955c';

export const blanket: Drawing = (s, { main, second }) => {
  const folded = 'M226 318Q220 300 246 296Q400 276 556 296Q580 300 576 320L572 420H230z';
  const drop = 'M232 350Q400 330 570 350L580 560Q400 580 222 560z';
  return (
    s.shadow(400, 654, 240, 24) +
    svgPath('M262 420L238 652H262L296 420zM538 420L562 652H538L504 420z', s.down([0, OAK], [1, darker(OAK, 0.25)])) +
    rect([224, 396, 352, 34], 12, s.down([0, lighter(OAK, 0.25)], [1, darker(OAK, 0.2)])) +
    svgPath(folded, s.down([0, lighter(main, 0.24)], [1, darker(main, 0.14)])) +
    stroke('M236 326Q400 306 566 326', darker(main, 0.3), 4, { opacity: 0.4 }) +
    svgPath(
      drop,
      s.across(
        [0, darker(main, 0.1)],
        [0.2, lighter(main, 0.14)],
        [0.42, darker(main, 0.06)],
        [0.66, lighter(main, 0.12)],
        [1, darker(main, 0.16)],
      ),
    ) +
    s.clip(
      drop,
      times(5, (i) => rect([238 + i * 72, 320, 22, 270], 0, second, { opacity: 0.55 })),
      times(4, (i) => rect([200, 372 + i * 54, 400, 16], 0, second, { opacity: 0.55 })),
      times(4, (i) => rect([200, 392 + i * 54, 400, 3], 0, lighter(second, 0.5), { opacity: 0.6 })),
      times(3, (i) =>
        stroke(`M${300 + i * 96} 330Q${290 + i * 100} 450 ${296 + i * 100} 590`, darker(main, 0.4), 12, {
          opacity: 0.1,
        }),
      ),
    ) +
    times(30, (i) =>
      stroke(
        `M${228 + i * 12} ${562 + Math.sin((i / 29) * Math.PI) * 9}q${i % 2 ? 5 : -4} 18 ${i % 3 ? 1 : -2} 36`,
        i % 2 ? main : lighter(main, 0.25),
        5,
      ),
    )
  );
};

export const cushion: Drawing = (s, { main, second }) => {
  const outline =
    'M196 262Q188 232 220 236Q400 262 580 236Q612 232 606 264Q584 440 608 620Q612 652 578 646Q400 626 222 648Q190 652 194 620Q214 440 196 262z';
  return (
    s.shadow(400, 652, 240, 26) +
    svgPath(outline, s.ball(main, 0.75)) +
    s.clip(
      outline,
      times(9, (i) =>
        stroke(`M${206 + i * 48} 220Q${214 + i * 46} 440 ${204 + i * 49} 660`, second, i % 2 ? 5 : 15, {
          opacity: 0.75,
        }),
      ),
      svgPath('M180 560Q400 660 620 560V680H180z', darker(main, 0.5), { opacity: 0.16 }),
      stroke(
        'M212 256Q280 320 300 350M590 256Q530 310 510 340M208 632Q260 590 290 560M594 632Q540 590 514 566',
        darker(main, 0.5),
        9,
        { opacity: 0.16 },
      ),
    ) +
    stroke(outline, darker(main, 0.2), 7) +
    stroke(outline, lighter(main, 0.3), 2.5, { 'stroke-dasharray': '3 9' }) +
    times(4, (i) =>
      move(
        `translate(${i % 2 ? 602 : 200} ${i < 2 ? 242 : 642}) rotate(${[135, 225, 45, -45][i]})`,
        svgPath('M-9 0L-15 34H15L9 0z', second),
        circle(0, 0, 9, darker(second, 0.2)),
      ),
    )
  );
};

export const towels: Drawing = (s, { main, second, third }) => {
  const colours = [main, second, third, lighter(main, 0.45)];
  const leaf = 'M0 0C14 -30 60 -34 78 -2C58 24 20 22 0 0z';
  return (
    s.shadow(400, 654, 260, 26) +
    times(4, (i) => {
      const y = 570 - i * 78;
      const inset = (i % 2) * 12;
      const colour = colours[i] ?? main;
      const d = `M${226 + inset} ${y}H${540 - inset}Q${592 - inset} ${y} ${592 - inset} ${y + 40}T${540 - inset} ${y + 80}H${226 + inset}Q${208 + inset} ${y + 78} ${208 + inset} ${y + 62}V${y + 18}Q${208 + inset} ${y + 2} ${226 + inset} ${y}z`;
      return (
        svgPath(d, s.down([0, lighter(colour, 0.3)], [0.4, colour], [1, darker(colour, 0.25)])) +
        s.clip(
          d,
          stroke(
            `M200 ${y + 40}H${530 - inset}Q${560 - inset} ${y + 41} ${560 - inset} ${y + 40}`,
            darker(colour, 0.35),
            4,
            { opacity: 0.55 },
          ),
          times(70, (j) =>
            circle(
              210 + ((j * 47) % 380),
              y + 8 + ((j * 29) % 66),
              2,
              j % 2 ? lighter(colour, 0.4) : darker(colour, 0.2),
              { opacity: 0.45 },
            ),
          ),
          rect([262 + inset, y, 20, 80], 0, lighter(colour, 0.55), { opacity: 0.55 }),
          rect([288 + inset, y, 6, 80], 0, lighter(colour, 0.55), { opacity: 0.55 }),
        )
      );
    }) +
    stroke('M380 338C400 290 450 270 520 268', '#5f7d52', 6) +
    times(6, (i) =>
      svgPath(leaf, s.soft(i % 2 ? '#86a876' : '#6f9462'), {
        transform: `translate(${398 + i * 22} ${306 - i * 7}) rotate(${i % 2 ? 34 : -72}) scale(${0.95 - i * 0.06})`,
      }),
    )
  );
};

export const teaTowels: Drawing = (s, { main, second }) => {
  const towel = (x: number, w: number, colour: string, stripe: string, length: number) => {
    const d = `M${x} 186Q${x + w / 2} 168 ${x + w} 186L${x + w + 8} ${length}Q${x + w / 2} ${length + 16} ${x - 8} ${length}z`;
    return (
      s.cast(d, 14, 18, 12, 0.25) +
      svgPath(
        d,
        s.across(
          [0, darker(colour, 0.08)],
          [0.16, lighter(colour, 0.2)],
          [0.34, darker(colour, 0.07)],
          [0.56, lighter(colour, 0.16)],
          [0.8, darker(colour, 0.1)],
          [1, colour],
        ),
      ) +
      s.clip(
        d,
        times(3, (i) => rect([x - 20, length - 100 + i * 24, w + 40, i === 1 ? 12 : 6], 0, stripe, { opacity: 0.85 })),
        times(3, (i) => rect([x - 20, 264 + i * 20, w + 40, 4], 0, stripe, { opacity: 0.6 })),
        times(30, (i) =>
          stroke(`M${x - 8 + i * ((w + 16) / 30)} ${length - 2}v18`, lighter(colour, 0.3), 2, { opacity: 0.5 }),
        ),
      ) +
      stroke(
        `M${x + w * 0.3} 230C${x + w * 0.26} 360 ${x + w * 0.34} 480 ${x + w * 0.28} ${length - 10}`,
        darker(colour, 0.3),
        3,
        { opacity: 0.25 },
      ) +
      stroke(
        `M${x + w * 0.7} 230C${x + w * 0.74} 360 ${x + w * 0.66} 500 ${x + w * 0.72} ${length - 10}`,
        darker(colour, 0.3),
        3,
        { opacity: 0.25 },
      )
    );
  };
  return (
    s.cast(roundRect([110, 150, 580, 44], 14), 6, 14, 8, 0.25) +
    rect([110, 150, 580, 44], 14, s.down([0, lighter(OAK, 0.3)], [1, darker(OAK, 0.12)])) +
    stroke('M130 166Q300 158 470 168T670 164', darker(OAK, 0.3), 2, { opacity: 0.4 }) +
    towel(176, 190, main, second, 610) +
    towel(430, 190, lighter(second, 0.1), lighter(main, 0.3), 560) +
    times(2, (i) => circle(272 + i * 254, 178, 22, s.ball(OAK)))
  );
};
