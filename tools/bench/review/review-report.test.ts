import { expect, test } from '@jest/globals';
import { markdownTable } from '@meridian/language/markdown-table.ts';
import { reviewReport } from './review-report.ts';

test('a review is told beside as many trivial resources', () => {
  const shown = reviewReport(
    {
      stack: 'staging',
      rounds: 3,
      resources: 400,
      firstSeconds: 20,
      seconds: 12,
      bareSeconds: 4,
    },
    markdownTable,
  );
  expect(shown.split('\n').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
    '| REVIEW | RESOURCES | SECONDS | OVER BARE |',
    expect.stringMatching(/^\| -/),
    '| staging, of a base that is kept | 400 | 12.0 | 3.00 |',
    '| staging, of one that is new | 400 | 20.0 | 5.00 |',
    '| as many ConfigMaps, pulumi up unchanged | 400 | 4.0 | 1.00 |',
  ]);
});
