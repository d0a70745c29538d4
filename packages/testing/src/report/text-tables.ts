type Cell = string | number;

/** One row of a table in Markdown. */
export const markdownRow = (cells: readonly Cell[]): string => `| ${cells.join(' | ')} |`;

/** A table in Markdown; without rows its head alone, for rows that are printed as they come. */
export const markdownTable = (heads: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map(markdownRow).join('\n');

/**
 * The lines of a table for a terminal, the first with the heads, each column as wide as its longest cell. The first `textColumns`
 * columns hold text and are aligned left, the others right.
 */
export function terminalTable(
  heads: readonly string[],
  textColumns: number,
  rows: readonly (readonly string[])[],
): string[] {
  const all = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column < textColumns ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return all.map((cells) => cells.map(pad).join('  ').trimEnd());
}
