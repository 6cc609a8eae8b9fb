import { expect, test } from '@jest/globals';
import { graphFindings } from '../../tools/review/graph/graph-findings.ts';
import { copies } from '../../tools/review/graph/testing/copies.ts';
import { declaredNow } from '../../tools/review/graph/testing/declared-now.ts';
import { manyServicesClone, servicesWith } from './many-services/many-services-clone.ts';
import { measured } from './many-services/processor-seconds.ts';

/** A hundred times of the services are little more than a hundred times of the work. */
const EXPONENT_MOST = 1.1;

/** Each of the seven but the edge, so many times more. */
const COPIES = 11;

/** The best of them is what it takes; the first ones are compiled. */
const ROUNDS = 9;

const CREATE = 'createProduct: { ...merchants, merchant: YES }';

test('what 700 services declare is compared in little more than a hundred times of what 7 take', async () => {
  const base = await declaredNow();
  const took = [1, 100].map((count) => {
    const platform = copies(base, count);
    const services = platform.graph.services.map((service) => ({
      ...service,
      summary: `${service.summary}.`,
    }));
    const head = { ...platform, graph: { ...platform.graph, services } };
    const rounds = Array.from({ length: ROUNDS }, () => {
      const began = process.cpuUsage();
      const findings = graphFindings(platform, head);
      const { user, system } = process.cpuUsage(began);
      expect(findings).toHaveLength(7 * count);
      return user + system;
    });
    return Math.min(...rounds);
  });
  const [some = 1, all = 1] = took;
  const exponent = Math.log(all / some) / Math.log(100);
  process.stdout.write(
    `7 services: ${(some / 1000).toFixed(1)} ms of a processor, 700: ${(all / 1000).toFixed(0)} ms; exponent ${exponent.toFixed(2)}\n`,
  );
  expect(exponent).toBeLessThan(EXPONENT_MOST);
}, 120_000);

test('more than 70 services are reviewed by the real command in little more than their part of what 7 take', async () => {
  const took: number[] = [];
  for (const copies of [0, COPIES]) {
    using clone = await manyServicesClone(copies);
    // The base is kept from then on.
    expect(await clone.review('main..main', '--stack', 'staging')).toMatchObject({ exitCode: 0 });
    // Whoever is a copy of catalog has its table.
    clone.edit('services/catalog/access.ts', CREATE, 'createProduct: everybody(YES)');
    const { exitCode, stdout, processorSeconds } = await measured(
      clone,
      ['review', 'main..WORKTREE', '--stack', 'staging'],
      clone.reviewer,
    );
    expect([exitCode, stdout]).toEqual([20, expect.stringContaining('POST /v1/products')]);
    took.push(processorSeconds);
  }
  const [some = 1, many = 1] = took;
  const exponent = Math.log(many / some) / Math.log(servicesWith(COPIES) / servicesWith(0));
  process.stdout.write(
    `${servicesWith(0)} services: ${some.toFixed(0)} s of processors, ${servicesWith(COPIES)}: ${many.toFixed(0)} s; exponent ${exponent.toFixed(2)}\n`,
  );
  expect(exponent).toBeLessThan(EXPONENT_MOST);
}, 3_600_000);
