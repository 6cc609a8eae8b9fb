import { KEPT_ELSEWHERE, KEPT_IN_DATABASES, KEPT_IN_TOPICS } from './kept.ts';
import type { Kept } from './kept.ts';

/** The tables of docs/retention.md, each by the name of its markers. */
export function drawnTables(): Readonly<Record<string, string>> {
  return {
    databases: table(
      ['service', 'table', 'what it holds about somebody', 'gone'],
      KEPT_IN_DATABASES.map((kept) => [
        serviceOf(kept),
        kept.called ?? tablesOf(kept),
        kept.holds,
        kept.gone,
      ]),
    ),
    topics: table(
      ['topic', 'kept'],
      KEPT_IN_TOPICS.map(({ called = '', gone }) => [called, gone]),
    ),
    elsewhere: table(
      ['store', 'what it holds about somebody', 'gone'],
      KEPT_ELSEWHERE.map(({ called = '', holds, gone }) => [called, holds, gone]),
    ),
  };
}

function serviceOf({ places }: Kept): string {
  const [, service = ''] = places[0]?.split(' ') ?? [];
  return service === '*' ? 'all' : service;
}

function tablesOf({ places }: Kept): string {
  return places.map((place) => `\`${place.split(' ')[2] ?? ''}\``).join(', ');
}

/** As prettier writes it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0), title.length),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
