import { expect, test } from '@jest/globals';
import { format } from 'prettier';
import { markdownTable } from '@meridian/language/markdown-table.ts';
import { servicesReport } from './services-report.ts';

const latencyMs = { p50: 6.4, p95: 8.14, p99: 12.3, max: 20 };
const measured = {
  operations: [
    {
      ...{ method: 'CatalogService/GetProduct', ratePerSecond: 10, latencyMs, failures: {} },
      ...{ cpuMs: 2.4, heldPerSecond: 640 },
      broke: { ratePerSecond: 1280, reason: '3 of 3840 failed (503)' },
    },
    {
      ...{ method: 'OrdersService/CancelOrder', ratePerSecond: 5, latencyMs, failures: {} },
      ...{ cpuMs: 31.2, heldPerSecond: 5, onlyBecause: 'each call takes an order of its own' },
    },
  ],
  handlers: { 'meridian.catalog.v1.CatalogService/GetProduct': { calls: 9, ...latencyMs } },
};

test('the tables of services are Markdown that a document can hold as it is', async () => {
  const report = servicesReport(measured, markdownTable);
  expect(await format(report, { parser: 'markdown' })).toBe(`${report}\n`);
  expect(report).toMatch(
    /\| CatalogService\/GetProduct +\| +10 \| 6\.4 \| 8\.1 \| +12 \| +2\.4 \| +640 \| 1280 a second: 3 of 3840 failed \(503\) +\|/,
  );
  expect(report).toContain('| not tried: each call takes an order of its own |');
  expect(report).toMatch(/^Not asked is PaymentsService\/ReceiveWebhook: only the provider/m);
  expect(report).toMatch(/\| meridian\.catalog\.v1\.CatalogService\/GetProduct +\| +9 \|/);
});
