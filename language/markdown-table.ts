/** A column has room for the three hyphens that Prettier writes below its head. */
const WIDTH_MIN = 3;

/**
 * A table of GitHub Flavored Markdown, laid out as Prettier does; cells that a row lacks are empty.
 *
 * @param texts which columns are; the others are of numbers, which stand to the right. @default all
 */
export function markdownTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  texts: readonly number[] = [...heads.keys()],
): string {
  const widths = heads.map((head, column) =>
    Math.max(WIDTH_MIN, head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const isText = (column: number): boolean => texts.includes(column);
  const line = (cells: readonly string[]): string => {
    const laidOut = widths.map((width, column) => {
      const cell = cells[column] ?? '';
      return isText(column) ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${laidOut.join(' | ')} |`;
  };
  const rule = widths.map((width, column) =>
    isText(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [heads, rule, ...rows].map(line).join('\n');
}
