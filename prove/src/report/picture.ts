import { formatSeconds } from '@tradepost/testing/report/formats';
import { linearScale, type Scale, svgGrid, svgLine, svgPicture, svgRect, svgText } from '@tradepost/testing/report/svg';
import { allFaultKinds } from '../faults/kinds.ts';
import type { FaultFigures } from './fault-figures.ts';
import { LEFT, PANEL_HEIGHT, panelPicture, panelsOf, RIGHT } from './panels.ts';
import type { Bucket } from './timeline.ts';

const WIDTH = 1120;
const LANE = 17;
const LANES_TOP = 28;
const GAP = 46;

/** The timeline of a run: faults in lanes by their kind, and below them what shoppers felt. */
export function timelinePicture(buckets: readonly Bucket[], faults: readonly FaultFigures[], totalMs: number): string {
  const x = linearScale([0, totalMs], [LEFT, RIGHT]);
  const spans = faults.map((fault) => ({ ...fault, endedMs: fault.endedMs ?? totalMs }));
  const kinds = allFaultKinds.filter((kind) => faults.some((fault) => fault.kind === kind));
  const lanesEnd = LANES_TOP + Math.max(1, kinds.length) * LANE;
  const panels = panelsOf(buckets);
  const bottom = lanesEnd + panels.length * (PANEL_HEIGHT + GAP);
  const label = 'Timeline of the run: faults, orders accepted, latency, failures and undecided orders';
  return svgPicture(WIDTH, bottom + 30, label, [
    ...spans.map((span) => band(span, x, bottom)),
    svgText(LEFT, 14, 'Faults, each as long as it took until all was well again', { class: 'title' }),
    ...kinds.map((kind, n) => lane(kind, spans, x, LANES_TOP + n * LANE)),
    ...panels.map((panel, n) => panelPicture(panel, buckets, x, lanesEnd + n * (PANEL_HEIGHT + GAP) + GAP)),
    timeAxis(x, bottom, totalMs),
  ]);
}

type FaultSpan = FaultFigures & { endedMs: number };

/** A shade behind all panels. */
function band({ startedMs, endedMs }: FaultSpan, x: Scale, bottom: number): string {
  const width = Math.max(1, x(endedMs) - x(startedMs));
  return svgRect({ x: x(startedMs), y: LANES_TOP, width, height: bottom - LANES_TOP }, { class: 'band' });
}

function lane(kind: string, spans: readonly FaultSpan[], x: Scale, top: number): string {
  const own = spans.filter((span) => span.kind === kind);
  const bars = own.map(({ target, note, failure, startedMs, endedMs }) => {
    const at = { x: x(startedMs), y: top + 3, width: Math.max(3, x(endedMs) - x(startedMs)), height: LANE - 6 };
    const title = `${kind} ${target}: ${note}, ${formatSeconds(endedMs - startedMs)}`;
    return svgRect(at, { class: failure ? 'fault bad' : 'fault', title });
  });
  return svgGrid([{ at: top + LANE / 2, label: kind }], (y) => y, LEFT, RIGHT) + bars.join('');
}

function timeAxis(x: Scale, y: number, totalMs: number): string {
  const seconds = totalMs / 1000;
  const step = [5, 10, 30, 60, 120, 300, 600, 1800, 3600].find((one) => seconds / one <= 12) ?? 7200;
  const parts: string[] = [svgLine('axis', [LEFT, y], [RIGHT, y])];
  for (let at = 0; at <= seconds; at += step) {
    const label = at % 60 === 0 ? `${at / 60} min` : `${Math.floor(at / 60)}:${String(at % 60).padStart(2, '0')}`;
    parts.push(svgLine('axis', [x(at * 1000), y], [x(at * 1000), y + 5]));
    parts.push(svgText(x(at * 1000), y + 20, label, { 'text-anchor': 'middle' }));
  }
  return parts.join('');
}
