import { expect, test } from '@jest/globals';
import { graphFindings } from '../../tools/review/graph/graph-findings.ts';
import { copies } from '../../tools/review/graph/testing/copies.ts';
import { declaredNow } from '../../tools/review/graph/testing/declared-now.ts';

/** More than linear: what is looked up for each service must not grow with all of them. */
const EXPONENT_MOST = 1.3;

test('what 700 services declare is compared in little more than a hundred times of what 7 take', async () => {
  const base = await declaredNow();
  const took = [10, 100].map((count) => {
    const platform = copies(base, count);
    const services = platform.graph.services.map((service) => ({
      ...service,
      summary: `${service.summary}.`,
    }));
    const head = { ...platform, graph: { ...platform.graph, services } };
    const rounds = [1, 2, 3].map(() => {
      const began = performance.now();
      const findings = graphFindings(platform, head);
      expect(findings).toHaveLength(7 * count);
      return performance.now() - began;
    });
    return Math.min(...rounds);
  });
  const [some = 1, all = 1] = took;
  expect(Math.log10(all / some)).toBeLessThan(EXPONENT_MOST);
  expect(all).toBeLessThan(15_000);
}, 120_000);
