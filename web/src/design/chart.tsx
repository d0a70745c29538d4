import { lazy, Suspense, useId, useState } from 'react';
import styles from './chart.module.css';
import type { ChartProps } from './chart-types.ts';
import { loadCode } from './load-code.ts';
import { Table } from './table.tsx';

const ChartCanvas = lazy(() => loadCode(() => import('./chart-canvas.tsx')));

const exact = new Intl.DateTimeFormat('en-IE', { dateStyle: 'short', timeStyle: 'medium' });

/** Numbers over time: drawn, in words, and as a table. The code that draws is loaded when there is a first chart. */
export function Chart({ title, summary, times, series, format, mark, height = 180, together }: ChartProps) {
  const id = useId();
  const [told, setTold] = useState('');
  const [tabular, setTabular] = useState(false);
  return (
    <figure className={styles.chart} aria-labelledby={id}>
      <figcaption className={styles.caption}>
        <span className={styles.title} id={id}>
          {title}
        </span>
        <span className={styles.summary}>{summary}</span>
      </figcaption>
      <Suspense fallback={<div className={styles.waiting} style={{ blockSize: height }} />}>
        <ChartCanvas
          {...{ times, series, format, height, tell: setTold }}
          {...(together && { together })}
          {...(mark && { mark })}
        />
      </Suspense>
      <p className={styles.told} aria-hidden="true">
        {told}
      </p>
      <details className={styles.details} onToggle={(event) => setTabular(event.currentTarget.open)}>
        <summary>
          Show as table<span className="visually-hidden">: {title}</span>
        </summary>
        {tabular && <ChartTable {...{ title, times, series, format }} />}
      </details>
    </figure>
  );
}

function ChartTable({ title, times, series, format }: Pick<ChartProps, 'title' | 'times' | 'series' | 'format'>) {
  const rows = times.map((time, index) => ({ time, index })).reverse();
  return (
    <div className={styles.table}>
      <Table
        caption={`${title}, newest first`}
        rows={rows}
        keyOf={({ time }) => String(time)}
        columns={[
          { heading: 'Time', cell: ({ time }) => exact.format(time * 1000) },
          ...series.map(({ label, values }) => ({
            heading: label,
            number: true,
            cell: ({ index }: { index: number }) => {
              const value = values[index];
              return value == null ? '–' : format(value);
            },
          })),
        ]}
      />
    </div>
  );
}
