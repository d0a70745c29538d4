import type { ReactNode } from 'react';

export type Tone = 'first' | 'second' | 'third' | 'bad';

export type Series = {
  label: string;
  /** One for each time; null where there is none. */
  values: readonly (number | null)[];
  tone: Tone;
  /** So that lines differ also without their colour. */
  dash?: 'solid' | 'dashed' | 'dotted';
  look?: 'line' | 'area' | 'bars' | 'steps';
};

export type ChartProps = {
  title: string;
  /** The main figures in words: a chart is never the only place that shows a number. */
  summary: ReactNode;
  /** Unix seconds, rising. */
  times: readonly number[];
  series: readonly Series[];
  format: (value: number) => string;
  /** A shorter format for the marks of the axis. */
  mark?: (value: number) => string;
  /** In pixels. */
  height?: number;
  /** Charts with the same word show the same moment under the pointer. */
  together?: string;
};
