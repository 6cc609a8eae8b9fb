import { describe, expect, test } from '@jest/globals';
import { exporterConfiguration } from './exporter-configuration.ts';
import { PERIOD_SECONDS } from './watched-metrics.ts';

const configuration = exporterConfiguration('eu-west-1');
const jobs = configuration.customNamespace;

/** What others ran into is in docs/observability-in-a-cluster.md; each of these holds one of them. */
const DAY_SECONDS = 86_400;
const often = jobs.filter(({ period }) => period !== DAY_SECONDS);

describe('what the exporter is told', () => {
  test('asks one region, of which STS has an address of its own', () => {
    expect(configuration['sts-region']).toBe('eu-west-1');
    for (const { regions } of jobs) expect(regions).toEqual(['eu-west-1']);
  });

  test('finds what has no tag, as instances of a DB cluster need not have one (issues 215, 784)', () => {
    expect(Object.keys(configuration)).toEqual(['apiVersion', 'sts-region', 'customNamespace']);
  });

  test('asks for no sum over classes, engines or zones, which have other dimensions (issues 396, 604, 1726)', () => {
    for (const { dimensionNameRequirements } of jobs) {
      expect(dimensionNameRequirements.length).toBeGreaterThan(0);
    }
  });

  test('looks back further than AWS is late, or values would be missing now and then (issues 378, 401, 504)', () => {
    for (const { length, delay = 0 } of jobs) {
      expect(length + delay).toBeGreaterThanOrEqual(2 * PERIOD_SECONDS);
    }
  });

  test('adds up each period once and only when it is over, and no sum hides in another job (issues 35, 865)', () => {
    for (const { metrics, length, delay, period } of often) {
      const sums = metrics.filter(({ statistics }) => statistics.includes('Sum'));
      if (sums.length === 0) {
        expect(delay).toBeUndefined();
        continue;
      }
      expect(sums).toEqual(metrics);
      expect({ length, delay }).toEqual({ length: period, delay: period });
    }
  });

  test('asks for what comes once a day by the day, also while it was not told for hours', () => {
    const daily = jobs.filter((job) => !often.includes(job));
    expect(daily.map(({ namespace }) => namespace)).toEqual(['AWS/Backup']);
    for (const { length, delay, recentlyActiveOnly } of daily) {
      expect([length, delay, recentlyActiveOnly]).toEqual([DAY_SECONDS, undefined, undefined]);
    }
    for (const { period, recentlyActiveOnly } of often) {
      expect([period, recentlyActiveOnly]).toEqual([PERIOD_SECONDS, true]);
    }
  });

  test('says how late in jobs alone: of a metric it is not heeded', () => {
    for (const { metrics } of jobs) {
      for (const metric of metrics) expect(Object.keys(metric)).toEqual(['name', 'statistics']);
    }
  });

  test('gives no time of AWS to a value: those that are minutes old would leave gaps (issue 1076)', () => {
    expect(JSON.stringify(configuration)).not.toContain('addCloudwatchTimestamp');
  });

  test('has jobs of different names, by which their values are told apart', () => {
    expect(new Set(jobs.map(({ name }) => name)).size).toBe(jobs.length);
  });
});
