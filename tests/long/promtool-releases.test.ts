import { expect, test } from '@jest/globals';
import { textOf } from '@meridian/components/observability/rules/promql.ts';
import { releaseAnalysis } from '@meridian/components/service/kubernetes/release-analysis.ts';
import { describeByPromtool, findPromtool, testRules } from '../engines/promtool.ts';
import type { Series } from '../engines/promtool.ts';
import { changing, graph, growing } from './promtool-values.ts';

const promtool = findPromtool();
const SERVICE = 'catalog';
const RELEASE = 'abc';
const service = graph.services.find(({ name }) => name === SERVICE);
const analysis = service === undefined ? undefined : releaseAnalysis(graph, service, '', RELEASE);

/** Labels of the series of a release. */
const of = (release: string, more = ''): string =>
  `{namespace="${graph.namespace}",job="${SERVICE}",rollouts_pod_template_hash="${release}"${more}}`;

/** Answers a second, by their status; `le` of a histogram. */
const answered = (suffix: string, status: string, le = ''): string =>
  `rpc_server_call_duration_seconds${suffix}${of(RELEASE, `,rpc_method="${service?.contract ?? ''}/GetProduct",rpc_status_code="${status}"${le}`)}`;

const pods: Series = { [`request_queue_depth${of(RELEASE)}`]: changing(0) };

/** Requests of which each takes 30 ms, or 300. */
const requests = (perSecond: number, slow = false): Series => ({
  [answered('_count', 'OK')]: growing(perSecond),
  [answered('_bucket', 'OK', ',le="0.05"')]: growing(slow ? 0 : perSecond),
  [answered('_bucket', 'OK', ',le="0.3"')]: growing(perSecond),
  [answered('_bucket', 'OK', ',le="+Inf"')]: growing(perSecond),
});

/** Failures that came one by one, each a minute after the one before. */
const failures = (count: number): Series => ({
  [answered('_count', 'UNAVAILABLE')]: [
    '0x11',
    ...Array.from({ length: count }, (_, position) => `${position + 1}x3`),
    `${count}x100`,
  ].join(' '),
});

/** Whether each question has an answer beyond its threshold; 0 for one within it, none for no answer. */
const verdict = (
  series: Series,
  expected: { readonly errors?: 0 | 1; readonly latency?: 0 | 1; readonly pods?: number },
): string => {
  if (analysis === undefined) throw new Error(`'${SERVICE}' has no analysis`);
  const answer = (value: number | undefined) => (value === undefined ? {} : { '{}': value });
  const beyond = ({ query, most }: typeof analysis.errorShare) =>
    `(${textOf(query, 1)}) > bool ${most}`;
  return testRules(promtool ?? '', [], series, [
    { at: '10m', query: beyond(analysis.errorShare), answer: answer(expected.errors) },
    { at: '10m', query: beyond(analysis.latencyP95), answer: answer(expected.latency) },
    { at: '10m', query: textOf(analysis.measuredPods, 1), answer: answer(expected.pods) },
  ]);
};

describeByPromtool('the questions about a release', () => {
  test('have no answer at all where nobody measures it', () => {
    expect(verdict({}, {})).toBe('');
  });

  test('have nothing to reproach one with that got no request, and know that it is there', () => {
    expect(verdict(pods, { pods: 1 })).toBe('');
  });

  test('are not about other releases', () => {
    const other = { [`request_queue_depth${of('xyz')}`]: changing(0) };
    expect(verdict(other, {})).toBe('');
  });

  test('are content with good answers, and with one failure among few of them', () => {
    expect(verdict({ ...pods, ...requests(1) }, { pods: 1, errors: 0, latency: 0 })).toBe('');
    const one = { ...pods, ...requests(1), ...failures(1) };
    expect(verdict(one, { pods: 1, errors: 0, latency: 0 })).toBe('');
  });

  test('tell of several failures, however few the requests', () => {
    const several = { ...pods, ...requests(0.01), ...failures(5) };
    expect(verdict(several, { pods: 1, errors: 1 })).toBe('');
  });

  test('tell of slow answers from a few on', () => {
    expect(verdict({ ...pods, ...requests(1, true) }, { pods: 1, errors: 0, latency: 1 })).toBe('');
    expect(verdict({ ...pods, ...requests(0.01, true) }, { pods: 1, errors: 0 })).toBe('');
  });
});
