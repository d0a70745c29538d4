import { stylesheet } from './stylesheet.ts';

/** Text as it may stand in HTML, in SVG and in their attributes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? '&#39;');

/**
 * An element of HTML or SVG. An attribute without a value is left out, numbers are rounded to a tenth. Attributes are escaped;
 * `inside` is markup.
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  inside = '',
): string {
  const written = Object.entries(attributes).map(([key, value]) => {
    if (value === undefined) return '';
    return ` ${key}="${typeof value === 'number' ? Math.round(value * 10) / 10 : escapeHtml(value)}"`;
  });
  return `<${name}${written.join('')}>${inside}</${name}>`;
}

/** A page of HTML that needs nothing else: no script, no font and no picture from elsewhere. `style` is added to the shared stylesheet. */
export function htmlPage({ title, style, body }: { title: string; style: string; body: string }): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${stylesheet}${style}</style></head><body><main>
${body}
</main></body></html>
`;
}

/** A table cell with a figure, which is aligned right. `value` is markup. */
export const figureCell = (value: string, className = ''): string =>
  element('td', { class: `n ${className}`.trim() }, value);

/** A table. `rows` are `<tr>` elements; the first `textColumns` columns hold text, the others figures. */
export function htmlTable(heads: readonly string[], textColumns: number, rows: readonly string[]): string {
  const cells = heads.map((name, n) => element('th', { class: n < textColumns ? undefined : 'n' }, name));
  return element('table', {}, [element('tr', {}, cells.join('')), ...rows].join(''));
}
