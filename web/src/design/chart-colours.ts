import type { Tone } from './chart-types.ts';

/** What a canvas is painted with; it knows no custom properties, so they are read from the page. */
export type ChartColours = Record<Tone | 'ink' | 'grid' | 'ground', string>;

const sources: Record<keyof ChartColours, string> = {
  first: '--accent',
  second: '--spice',
  third: '--info',
  bad: '--bad',
  ink: '--ink-soft',
  grid: '--line',
  ground: '--surface',
};

/** The colours as they are where the element stands, in the theme of this moment. */
export function readColours(at: HTMLElement): ChartColours {
  const probe = document.createElement('span');
  at.append(probe);
  const read = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    first: read(sources.first),
    second: read(sources.second),
    third: read(sources.third),
    bad: read(sources.bad),
    ink: read(sources.ink),
    grid: read(sources.grid),
    ground: read(sources.ground),
  };
  probe.remove();
  return colours;
}

/** Calls back whenever the theme may have changed; returns how to stop. */
export function watchTheme(changed: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', changed);
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => {
    media.removeEventListener('change', changed);
    observer.disconnect();
  };
}
