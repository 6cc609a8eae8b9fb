import { expect, test } from '@jest/globals';
import { markdownTable } from '@meridian/language/markdown-table.ts';
import { deployReport } from './deploy-report.ts';

test('deployments are told beside the bare engine, by the resource', () => {
  const shown = deployReport(
    {
      stack: 'staging',
      rounds: 1,
      rehearsed: {
        fromNothing: { resources: 400, seconds: 20 },
        unchanged: { resources: 400, seconds: 16 },
      },
      bare: {
        fromNothing: { resources: 400, seconds: 8 },
        unchanged: { resources: 200, seconds: 4 },
      },
    },
    markdownTable,
  );
  expect(shown.split('\n').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
    '| PULUMI UP | RESOURCES | SECONDS | RESOURCES A SECOND | OVER BARE |',
    expect.stringMatching(/^\| -/),
    '| staging, from nothing, rehearsed | 400 | 20.0 | 20 | 2.50 |',
    '| as many ConfigMaps, from nothing | 400 | 8.0 | 50 | 1.00 |',
    '| staging, unchanged, rehearsed | 400 | 16.0 | 25 | 2.00 |',
    '| as many ConfigMaps, unchanged | 200 | 4.0 | 50 | 1.00 |',
  ]);
});
