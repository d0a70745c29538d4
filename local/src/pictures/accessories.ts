import { darker, lighter, mix } from './colour.ts';
import type { Drawing } from './product-picture.ts';
import { circle, move, rect, scatter, stroke, svgPath, times } from './svg-builder.ts';

export const beanie: Drawing = (s, { main, second }) => {
  const crown = 'M218 520C206 330 300 236 400 236S594 330 582 520z';
  const tufts = scatter(440, 13);
  const cuff =
    'M196 496Q400 536 604 496Q622 492 622 512L616 610Q614 626 598 630Q400 664 202 630Q186 626 184 610L178 512Q178 492 196 496z';
  return (
    s.shadow(400, 652, 250, 26) +
    circle(400, 206, 54, s.ball(second)) +
    times(220, (i) => {
      const angle = (tufts[i] ?? 0) * 6.283;
      const far = 18 + (tufts[i + 220] ?? 0) * 50;
      const [x, y] = [400 + Math.cos(angle) * far, 206 + Math.sin(angle) * far];
      const tint = y > 216 && i % 3 ? darker(second, 0.14) : lighter(second, (i % 4) * 0.14);
      return stroke(`M${x} ${y}L${400 + Math.cos(angle) * (far + 12)} ${206 + Math.sin(angle) * (far + 12)}`, tint, 6);
    }) +
    svgPath(crown, s.ball(main)) +
    s.clip(
      crown,
      times(17, (i) =>
        stroke(
          `M400 226C${400 + (i - 8) * 22} 270 ${400 + (i - 8) * 27} 400 ${400 + (i - 8) * 26} 530`,
          darker(main, 0.3),
          5,
          { opacity: 0.4 },
        ),
      ),
      times(10, (row) =>
        times(16, (i) =>
          stroke(`M${400 + (i - 8) * 26 + 6} ${290 + row * 24}l7 9l7 -9`, lighter(main, 0.35), 3, { opacity: 0.35 }),
        ),
      ),
    ) +
    svgPath(cuff, s.round(main, 0.8)) +
    s.clip(
      cuff,
      times(27, (i) => rect([186 + i * 16.4, 490, 7, 170], 3, darker(main, 0.3), { opacity: 0.4 })),
      svgPath('M170 490Q400 530 630 490V516Q400 556 170 516z', '#ffffff', { opacity: 0.14 }),
    ) +
    rect([460, 560, 92, 52], 5, '#e9d5b2') +
    rect([466, 566, 80, 40], 3, 'none', { stroke: '#8a6a42', 'stroke-width': 2, 'stroke-dasharray': '5 4' }) +
    svgPath('M490 596L506 572L522 596z', '#8a6a42')
  );
};

export const socks: Drawing = (s, { main, second, third }) => {
  const outline = 'M-70 -250H74L78 60Q80 100 120 130L196 190Q236 226 206 262T120 280L-20 220Q-80 190 -74 120z';
  const sock = (place: string, colour: string, band: string) =>
    move(
      place,
      svgPath(outline, '#2a2233', { opacity: 0.2, transform: 'translate(12 18)' }),
      svgPath(outline, s.slant([0, lighter(colour, 0.25)], [0.5, colour], [1, darker(colour, 0.2)])),
      s.clip(
        outline,
        times(14, (i) => rect([-68 + i * 10.4, -250, 4, 66], 2, darker(colour, 0.35), { opacity: 0.4 })),
        times(3, (i) => rect([-90, -160 + i * 44, 190, 22], 0, band, { opacity: 0.95 })),
        circle(-50, 190, 84, band),
        svgPath('M150 120L280 200L220 330L80 300Q160 250 150 120z', band),
        times(40, (i) =>
          stroke(`M${-80 + ((i * 37) % 260)} ${-60 + ((i * 53) % 320)}l5 7l5 -7`, lighter(colour, 0.45), 2.5, {
            opacity: 0.5,
          }),
        ),
        svgPath('M-90 -260H-30Q-40 60 -40 240H-120z', '#ffffff', { opacity: 0.14 }),
      ),
      stroke('M-70 -186H75', darker(colour, 0.3), 3, { opacity: 0.5 }),
    );
  return (
    sock('translate(300 380) rotate(8)', second, third) + sock('translate(430 400) rotate(-6) scale(1.04)', main, third)
  );
};

export const tote: Drawing = (s, { main, second }) => {
  const bag = 'M226 310H574L604 640Q606 662 584 664H216Q194 662 196 640z';
  return (
    s.cast(bag, 16, 22, 14, 0.28) +
    stroke('M312 330C312 110 488 110 488 330', darker(main, 0.3), 26) +
    stroke('M312 326C316 124 484 124 488 326', s.down([0, lighter(main, 0.1)], [1, darker(main, 0.08)]), 18) +
    svgPath(bag, s.soft(main, 0.8)) +
    s.clip(
      bag,
      times(60, (i) => stroke(`M190 ${312 + i * 6}H610`, i % 2 ? '#ffffff' : darker(main, 0.4), 1, { opacity: 0.16 })),
      stroke('M240 330Q266 480 236 660M560 330Q534 500 566 660', darker(main, 0.5), 20, { opacity: 0.08 }),
      stroke('M220 338H580', darker(main, 0.3), 3, { 'stroke-dasharray': '9 6', opacity: 0.6 }),
    ) +
    rect([294, 316, 36, 52], 4, darker(main, 0.08)) +
    rect([470, 316, 36, 52], 4, darker(main, 0.08)) +
    stroke('M300 322L324 362M324 322L300 362M476 322L500 362M500 322L476 362', darker(main, 0.4), 2.5, {
      opacity: 0.7,
    }) +
    circle(400, 500, 88, second) +
    svgPath('M312 512Q356 470 400 508T488 500A88 88 0 0 1 312 512z', lighter(second, 0.28)) +
    svgPath('M318 534Q366 500 412 534T482 528A88 88 0 0 1 318 534z', mix(second, '#ffffff', 0.55)) +
    circle(426, 462, 20, '#f6e7c4')
  );
};

export const scarf: Drawing = (s, { main, second, third }) => {
  const hanging = (d: string, from: number, to: number, end: number, shade: number) => {
    const line = (share: number) =>
      `M400 120C${from + (to - from) * share + 20} 280 ${from + (to - from) * share} 420 ${from + (to - from) * share} ${end + 10}`;
    return (
      s.cast(d, 14, 18, 12, 0.26) +
      svgPath(
        d,
        s.across([0, darker(main, shade)], [0.35, lighter(main, 0.2)], [0.7, main], [1, darker(main, 0.15 + shade)]),
      ) +
      s.clip(
        d,
        times(9, (i) =>
          stroke(`M200 ${190 + i * 62}Q400 ${176 + i * 62} 600 ${190 + i * 62}`, i % 2 ? third : second, 24, {
            opacity: 0.62,
          }),
        ),
        times(9, (i) =>
          stroke(`M200 ${222 + i * 62}Q400 ${208 + i * 62} 600 ${222 + i * 62}`, third, 4, { opacity: 0.75 }),
        ),
        stroke(line(0.28), second, 15, { opacity: 0.45 }),
        stroke(line(0.72), third, 13, { opacity: 0.42 }),
        stroke(line(0.5), darker(main, 0.5), 10, { opacity: 0.16 }),
      ) +
      times(15, (i) =>
        stroke(
          `M${from + 5 + i * ((to - from - 10) / 14)} ${end}q${i % 2 ? 4 : -4} 20 ${i % 3} 42`,
          i % 4 === 1 ? second : main,
          5,
        ),
      )
    );
  };
  return (
    s.cast('M340 96H460V150H340z', 8, 14, 8, 0.25) +
    rect([330, 92, 140, 56], 12, s.down([0, '#dcb280'], [1, '#b07f4c'])) +
    hanging('M392 128C350 220 268 330 262 584H402C404 360 404 220 404 128z', 262, 402, 584, 0.16) +
    hanging('M394 126C384 230 386 380 388 656H540C534 380 446 230 410 126z', 388, 540, 656, 0) +
    circle(401, 122, 26, s.ball('#c8955c'))
  );
};

export const sneakers: Drawing = (s, { main, second }) => {
  const upper =
    'M150 560Q140 470 168 400Q176 384 194 392Q240 430 300 404L404 470Q470 510 560 524Q640 538 640 590V600H150z';
  const shoe = (place: string, far: boolean) =>
    move(
      place,
      svgPath(upper, s.down([0, lighter(main, far ? 0.06 : 0.2)], [1, darker(main, far ? 0.26 : 0.12)])),
      s.clip(
        upper,
        svgPath('M560 500Q480 540 500 610H660V500z', lighter(second, 0.2)),
        svgPath('M140 400Q200 440 200 600H140z', lighter(main, 0.3), { opacity: 0.5 }),
        stroke('M300 404Q290 500 240 600', darker(main, 0.4), 3, { opacity: 0.5, 'stroke-dasharray': '7 5' }),
        stroke('M208 480Q300 560 440 590', lighter(second, 0.3), 13),
      ),
      svgPath('M168 400Q176 384 194 392Q240 430 300 404L310 412Q240 456 172 420z', darker(main, 0.45)),
      svgPath('M292 402L404 470L384 492L280 426z', lighter(main, 0.4)),
      times(
        5,
        (i) =>
          stroke(`M${300 + i * 22} ${404 + i * 14}l-24 34`, '#fffaf0', 9) +
          circle(277 + i * 22, 440 + i * 14, 5, darker(main, 0.5)),
      ),
      svgPath('M296 396Q262 366 236 376T262 404M300 396Q318 356 344 368T312 400', 'none', {
        stroke: '#fffaf0',
        'stroke-width': 7,
      }),
      svgPath(
        'M140 590H648Q664 596 660 620Q656 644 630 644H168Q142 644 138 620z',
        s.down([0, '#fffaf0'], [1, '#d9cfbd']),
      ),
      stroke('M142 622H656', second, 5),
      svgPath('M560 590H648Q664 596 660 620L570 616z', '#efe6d6'),
      times(18, (i) => rect([160 + i * 27, 634, 12, 10], 2, '#b9ad98', { opacity: 0.7 })),
    );
  return (
    s.shadow(410, 652, 300, 24) +
    shoe('translate(70 -76) scale(.94)', true) +
    s.shadow(400, 650, 270, 16) +
    shoe('translate(-6 6)', false)
  );
};

export const gloves: Drawing = (s, { main, second }) => {
  const hand =
    'M-82 230V40C-140 10 -170 -40 -150 -62Q-130 -80 -104 -46L-80 -16L-92 -190Q-90 -222 -64 -222T-38 -190L-32 -60L-24 -236Q-20 -264 4 -264T30 -234L26 -60L44 -214Q50 -240 72 -236T92 -204L78 -50L98 -140Q108 -164 126 -156T142 -126Q124 -20 104 60L92 230z';
  const glove = (place: string) =>
    move(
      place,
      svgPath(hand, '#2a2233', { opacity: 0.22, transform: 'translate(14 18)' }),
      svgPath(hand, s.slant([0, lighter(main, 0.3)], [0.5, main], [1, darker(main, 0.25)])),
      s.clip(
        hand,
        rect([-120, 140, 260, 110], 0, second),
        times(18, (i) => rect([-92 + i * 11, 140, 5, 110], 2, darker(second, 0.3), { opacity: 0.4 })),
        times(70, (i) =>
          stroke(`M${-160 + ((i * 41) % 310)} ${-260 + ((i * 67) % 390)}l5 7l5 -7`, lighter(main, 0.4), 2.5, {
            opacity: 0.4,
          }),
        ),
      ),
      stroke('M-32 -60L-36 -10M26 -60L26 -6M78 -50L72 4', darker(main, 0.4), 4, { opacity: 0.35 }),
    );
  return glove('translate(270 440) rotate(-12)') + glove('translate(540 430) rotate(10) scale(-1 1)');
};
