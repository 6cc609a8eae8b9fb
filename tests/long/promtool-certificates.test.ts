import { expect, test } from '@jest/globals';
import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { promql, series } from '@meridian/components/observability/rules/promql.ts';
import { platformRules } from '@meridian/components/observability/rules/rules.ts';
import { describeByPromtool } from '../engines/promtool.ts';
import type { Series } from '../engines/promtool.ts';
import { answers, during, rulesOf, servicesUp } from './promtool-chosen.ts';
import { LIFETIME_SECONDS } from './promtool-platform.ts';
import { firing, graph } from './promtool-values.ts';

const HOURS = 4;
const HOUR = 3_600;
const YEAR = 365 * 24 * HOUR;

const { servedCertificateExpiry, kafkaAuthorityExpiry } = METRIC_REGISTRY;
const all = platformRules(graph, {
  certificateLifetimeSeconds: LIFETIME_SECONDS,
  expiries: [
    {
      name: 'webhook',
      endsAt: promql`min(${series(servedCertificateExpiry, { endpoint: 'webhook' })})`,
      renewedBeforeSeconds: 10 * HOUR,
    },
    {
      name: 'cluster-ca',
      endsAt: promql`min(${series(kafkaAuthorityExpiry, { type: 'cluster-ca' })}) / 1000`,
      renewedBeforeSeconds: 10 * HOUR,
    },
  ],
});
const rules = rulesOf(all, ['CertificateLate', 'CertificateEnds', 'CertificatesUnseen']);

const issued = (what: 'expiration' | 'renewal', name: string) =>
  `certmanager_certificate_${what}_timestamp_seconds{job="cert-manager",name="${name}"}`;
const SERVED = 'served_certificate_not_after_seconds{job="engine-metrics",endpoint="webhook"}';
const AUTHORITY = 'strimzi_certificate_expiration_timestamp_ms{job="strimzi",type="cluster-ca"}';

/** Promtool begins at 0: a leaf of an hour that is renewed each half hour, and what is good for years. */
const leaf = (ends: number): string =>
  Array.from({ length: HOURS * 2 }, (_, half) =>
    during([String(half * (HOUR / 2) + ends), 0.5]),
  ).join(' ');
const HEALTHY: Series = {
  ...servicesUp(HOURS),
  [issued('expiration', 'leaf')]: leaf(HOUR),
  [issued('renewal', 'leaf')]: leaf(HOUR / 2),
  [issued('expiration', 'root')]: during([String(10 * YEAR), HOURS]),
  [issued('renewal', 'root')]: during([String(9 * YEAR), HOURS]),
  // One that is not issued yet.
  [issued('expiration', 'new')]: during(['0', HOURS]),
  [issued('renewal', 'new')]: during(['0', HOURS]),
  [SERVED]: during([String(YEAR), HOURS]),
  [AUTHORITY]: during([String(YEAR * 1_000), HOURS]),
};
const asked = (aged: Series, ...questions: readonly ReturnType<typeof firing>[]): string =>
  answers(rules, { ...HEALTHY, ...aged }, ...questions);

const late = (name: string) => `CertificateLate ${name} warning`;
const ends = (name: string) => `CertificateEnds ${name} critical`;

describeByPromtool('alerts on certificates', () => {
  test('are silent while each is renewed in time', () => {
    expect(asked({}, firing('20m'), firing('1h59m'), firing('3h30m'))).toBe('');
  });

  test('tell of a leaf of an hour that is not renewed: a ticket after a fifth of the time that is left, a page after half', () => {
    const aged = {
      [issued('expiration', 'leaf')]: during([String(2 * HOUR), HOURS]),
      [issued('renewal', 'leaf')]: during([String(1.5 * HOUR), HOURS]),
    };
    const both = [late('certificates'), ends('certificates')];
    expect(
      asked(aged, firing('94m'), firing('100m', late('certificates')), firing('110m', ...both)),
    ).toBe('');
  });

  test('count the times of each: a root with months left has time, and one of which half the year for it has gone has not', () => {
    const aged = (ends: number, renewal: number) => ({
      [issued('expiration', 'root')]: during([String(ends), HOURS]),
      [issued('renewal', 'root')]: during([String(renewal), HOURS]),
    });
    expect(asked(aged(YEAR, 1), firing('1h'))).toBe('');
    expect(asked(aged(4 * HOUR, 1), firing('70m', late('certificates')))).toBe('');
  });

  test.each([
    ['webhook', SERVED, 1],
    ['cluster-ca', AUTHORITY, 1_000],
  ])('tell of %s, which its operator has not renewed', (name, read, unit) => {
    const aged = { [read]: during([String(9 * HOUR * unit), HOURS]) };
    const soon = { [read]: during([String(7 * HOUR * unit), HOURS]) };
    expect(asked(aged, firing('50m'), firing('70m', late(name)))).toBe('');
    expect(asked(soon, firing('1h', late(name)), firing('2h10m', late(name), ends(name)))).toBe('');
  });

  test.each([
    [
      'certificates of cert-manager',
      [issued('expiration', 'leaf'), issued('expiration', 'root'), issued('expiration', 'new')],
    ],
    ['a webhook', [SERVED]],
    ['an authority', [AUTHORITY]],
  ])('write a ticket where nobody says when %s end', (_what, gone) => {
    const without = Object.fromEntries(gone.map((each) => [each, during(['_', HOURS])]));
    const ticket = `CertificatesUnseen ${graph.name} warning`;
    expect(asked(without, firing('20m'), firing('40m', ticket))).toBe('');
  });
});
