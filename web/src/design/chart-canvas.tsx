import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import styles from './chart.module.css';
import { watchTheme } from './chart-colours.ts';
import { type CanvasProps, dataOf, plotOptions } from './chart-plot.ts';

/** The picture of a chart. `Chart` shows the same in words and as a table, so screen readers skip the picture. */
export default function ChartCanvas(props: CanvasProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(null);
  const latest = useRef(props);
  latest.current = props;
  const { times, series } = props;
  const shape = series.map(({ label, look, tone, dash }) => [label, look, tone, dash].join()).join(';');

  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew when its lines are others, not for new numbers.
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new UPlot(plotOptions(latest.current, element), dataOf(latest.current), element);
    };
    draw();
    const unwatch = watchTheme(draw);
    const observer = new ResizeObserver(() => {
      const width = element.clientWidth;
      if (width > 0 && plot.current && plot.current.width !== width) {
        plot.current.setSize({ width, height: latest.current.height ?? 180 });
      }
    });
    observer.observe(element);
    // Letters are measured when they are drawn: again once the fonts are there.
    document.fonts.ready.then(() => plot.current?.redraw(false));
    return () => {
      unwatch();
      observer.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what its numbers are made of.
  useEffect(() => {
    plot.current?.setData(dataOf(latest.current));
  }, [times, series]);

  return <div className={styles.canvas} ref={host} aria-hidden="true" />;
}
