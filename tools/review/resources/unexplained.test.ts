import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../finding.ts';
import { unexplained } from './unexplained.ts';

const call: Finding = {
  kind: 'call-added',
  subject: 'search → payments.ListPayments',
  among: 'calls',
  consequence: 'opens a NetworkPolicy and an allow-list',
  from: { declaration: 'service search', member: 'calls', word: 'ListPayments' },
};

function finding(kind: Finding['kind'], subject: string, more: Partial<Finding> = {}): Finding {
  return { kind, subject, among: 'objects', consequence: 'something', ...more };
}

const connection = (subject: string) =>
  finding('network-opened', subject, { among: 'connections' });

describe('what the graph tells already', () => {
  test.each([
    ['the connection of a call', connection('search → payments :8443')],
    [
      'the allow-list of a call',
      finding('rights-added', 'payments', { property: 'search → ListPayments' }),
    ],
    ['a service that starts again', finding('service-restarted', 'search')],
    ['the Job of its release', finding('object-changed', 'Job meridian/rollout-healthy-search')],
    ['a binding of it', finding('object-added', 'Secret meridian/search-payments-binding')],
  ])('leaves out %s', (_what, one) => {
    expect(unexplained([one], [call])).toEqual([]);
  });

  test.each([
    ['a connection to somebody else', connection('search → orders :8443')],
    ['a connection from somebody else', connection('audit → payments :8443')],
    ['a connection at another port', connection('search → payments :9999')],
    ['a service that has nothing to do with it', finding('service-restarted', 'catalog')],
    [
      'anybody who gets in',
      finding('newly-reachable', 'anybody → payments :8443', { among: 'connections' }),
    ],
    ['an image', finding('image-changed', 'search')],
    ['a role that may do everything', finding('rights-for-all', 'Role meridian/search')],
    ['what is unknown of one of them', finding('unknown-change', 'Rollout meridian/search')],
    ['rights that it does not give', finding('rights-added', 'Role meridian/search')],
  ])('tells of %s', (_what, one) => {
    expect(unexplained([one], [call])).toEqual([one]);
  });

  test('leaves out a danger only where the graph tells the same one', () => {
    const cut = finding('retention-cut', 'KafkaTopic meridian-data/orders.events.v1');
    const told = finding('retention-cut', 'orders.events.v1');
    expect(unexplained([cut], [told])).toEqual([]);
    expect(unexplained([cut], [{ ...told, kind: 'topic-changed' }])).toEqual([cut]);
    expect(unexplained([cut], [{ ...told, subject: 'catalog.events.v1' }])).toEqual([cut]);
  });

  test('is nothing where the graph is the same', () => {
    const one = finding('object-changed', 'Job meridian/a');
    expect(unexplained([one], [])).toEqual([one]);
  });
});

test('another analysis is explained by what its service promises, and by nothing else', () => {
  const analysis: Finding = {
    ...{ kind: 'unknown-change', subject: 'payments', among: 'analyses' },
    consequence: 'what stops a bad release is judged otherwise',
    from: { declaration: 'service payments' },
  };
  const of = (member: string): Finding => ({
    ...{ kind: 'objective-tightened', subject: 'payments', among: 'services' },
    consequence: 'its page comes sooner',
    from: { declaration: 'service payments', member },
  });
  expect(unexplained([analysis], [of('objectives')])).toEqual([]);
  expect(unexplained([analysis], [of('summary')])).toEqual([analysis]);
});

test('a page that is blind is explained by that page, and by no other of its service', () => {
  const blind = finding('page-blind', 'Burns of audit', { among: 'pages' });
  expect(unexplained([blind], [finding('page-blind', 'Burns of audit')])).toEqual([]);
  expect(unexplained([blind], [finding('page-blind', 'Stopped of audit')])).toEqual([blind]);
  const ofAll = finding('page-lost', 'Burns', { among: 'alerts' });
  expect(unexplained([ofAll], [finding('page-lost', 'Burns of audit')])).toEqual([]);
});

test('a topic that somebody consumes gives its user that topic and what failed of it, and no other', () => {
  const consumed = finding('topic-added', 'orders.events.v1 → search', { among: 'topics' });
  const of = (property: string) =>
    finding('writer-added', 'KafkaUser meridian-data/search', { among: 'KafkaUsers', property });
  expect(unexplained([of('write topic orders.events.v1.dlq')], [consumed])).toEqual([]);
  for (const other of [
    of('write topic orders.events.v1.dlq, catalog.events.v1'),
    of('write every topic'),
    of('create topic orders.events.v1'),
  ]) {
    expect(unexplained([other], [consumed])).toEqual([other]);
  }
});
