import { describe, expect, test } from '@jest/globals';
import { TypeNews } from './type-checker.ts';

const FIRST = "services/web/main.ts(3,5): error TS2322: Type 'string' is not assignable.";
const SECOND = 'services/web/read.ts(1,1): error TS2304: Cannot find name.';

function round(news: TypeNews, ...lines: readonly string[]): readonly string[] {
  const errors = lines.filter((line) => !line.startsWith(' ')).length;
  return [
    '10:00:00 AM - File change detected. Starting incremental compilation...',
    '',
    ...lines,
    '',
    `10:00:01 AM - Found ${errors} error${errors === 1 ? '' : 's'}. Watching for file changes.`,
  ].flatMap((line) => news.take(line));
}

describe('what the type checker says', () => {
  test('is told when it is new, with all of its lines, and once', () => {
    const news = new TypeNews();
    expect(round(news)).toEqual([]);
    expect(round(news, FIRST, "  Type 'string' differs.")).toEqual([
      `${FIRST}\n  Type 'string' differs.`,
    ]);
    expect(round(news, FIRST, "  Type 'string' differs.")).toEqual([]);
  });

  test('is taken back when it is put right', () => {
    const news = new TypeNews();
    expect(round(news, FIRST, SECOND)).toEqual([FIRST, SECOND]);
    expect(round(news, SECOND)).toEqual(['1 gone, 1 left']);
    expect(round(news)).toEqual(['no errors any more']);
  });
});
