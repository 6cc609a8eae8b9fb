import { expect, test } from '@jest/globals';
import { markdownTable } from '@meridian/language/markdown-table.ts';
import { previewReport } from './preview-report.ts';

test('a preview is told beside cdk8s alone and as many trivial resources, with memory', () => {
  const shown = previewReport(
    {
      ...{ stack: 'prod', rounds: 3, resources: 590, seconds: 9, memoryMiB: 900.4 },
      ...{ renderSeconds: 3, renderMemoryMiB: 300, bareSeconds: 2 },
    },
    markdownTable,
  );
  expect(shown.split('\n').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
    '| OFFLINE | RESOURCES | SECONDS | OVER BARE | MEMORY MIB |',
    expect.stringMatching(/^\| -/),
    '| preview of prod, from nothing | 590 | 9.0 | 4.50 | 900 |',
    '| render of prod: cdk8s alone | 590 | 3.0 | 1.50 | 300 |',
    '| as many ConfigMaps, previewed | 590 | 2.0 | 1.00 | |',
  ]);
});
