import { markdownTable } from '@meridian/language/markdown-table.ts';
import { KEPT_ELSEWHERE, KEPT_IN_DATABASES, KEPT_IN_TOPICS } from './kept.ts';
import type { Kept } from './kept.ts';

/** The tables of docs/retention.md, each by the name of its markers. */
export function drawnTables(): Readonly<Record<string, string>> {
  return {
    databases: markdownTable(
      ['service', 'table', 'what it holds about somebody', 'gone'],
      KEPT_IN_DATABASES.map((kept) => [
        serviceOf(kept),
        kept.called ?? tablesOf(kept),
        kept.holds,
        kept.gone,
      ]),
    ),
    topics: markdownTable(
      ['topic', 'kept'],
      KEPT_IN_TOPICS.map(({ called = '', gone }) => [called, gone]),
    ),
    elsewhere: markdownTable(
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
