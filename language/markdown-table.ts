/** A column has room for the three hyphens that Prettier writes below its head. */
const WIDTH_MIN = 3;

/** A table of GitHub Flavored Markdown, laid out as Prettier does; cells that a row lacks are empty. */
export function markdownTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = heads.map((head, column) =>
    Math.max(WIDTH_MIN, head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [heads, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('\n');
}
