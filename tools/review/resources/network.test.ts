import { describe, expect, test } from '@jest/globals';
import type { Fields } from '@meridian/policies/rule.ts';
import { networkPolicy } from './network.ts';
import type { ObjectChange } from './object-change.ts';

function policy(spec: Fields): Fields {
  return {
    kind: 'NetworkPolicy',
    metadata: { name: 'payments', namespace: 'meridian' },
    spec: { podSelector: named('payments'), policyTypes: ['Ingress', 'Egress'], ...spec },
  };
}

function named(name: string): Fields {
  return { matchLabels: { 'app.kubernetes.io/name': name } };
}

function namespaced(name: string): Fields {
  return { matchLabels: { 'kubernetes.io/metadata.name': name } };
}

function tellsOf(before: Fields | undefined, after: Fields | undefined) {
  const change = {
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  } as ObjectChange;
  return networkPolicy
    .tell(change, [])
    .map(({ kind, subject, property }) => [kind, subject ?? property]);
}

const port = [{ port: 8443, protocol: 'TCP' }];

describe('a NetworkPolicy', () => {
  test.each<readonly [string, Fields, string]>([
    ['a name', { podSelector: named('search') }, 'search → payments :8443'],
    [
      'a name elsewhere',
      { podSelector: named('search'), namespaceSelector: namespaced('other') },
      'search in other → payments :8443',
    ],
    [
      'a namespace',
      { namespaceSelector: namespaced('other') },
      'every pod in other → payments :8443',
    ],
    [
      'labels',
      { podSelector: { matchLabels: { 'cnpg.io/cluster': 'meridian' } } },
      'pods with cnpg.io/cluster=meridian → payments :8443',
    ],
    [
      'expressions',
      { podSelector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['b', 'c'] }] } },
      'pods with a In b|c → payments :8443',
    ],
    ['addresses', { ipBlock: { cidr: '10.0.0.0/8' } }, '10.0.0.0/8 → payments :8443'],
    [
      'every address but some',
      { ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } },
      '0.0.0.0/0 but 10.0.0.0/8 → payments :8443',
    ],
  ])('tells of peers by %s', (_what, peer, flow) => {
    const opened = policy({ ingress: [{ from: [peer], ports: port }] });
    expect(tellsOf(policy({}), opened)).toEqual([['network-opened', flow]]);
    expect(tellsOf(opened, policy({}))).toEqual([['network-closed', flow]]);
  });

  test.each<readonly [string, Fields]>([
    ['no peer', { ports: port }],
    ['an empty list of peers', { from: [], ports: port }],
    ['every address', { from: [{ ipBlock: { cidr: '::/0' } }], ports: port }],
  ])('opens to everybody by %s', (_what, rule) => {
    expect(tellsOf(policy({}), policy({ ingress: [rule] }))).toEqual([
      ['newly-reachable', 'anybody → payments :8443'],
    ]);
  });

  test('lets out to everybody without letting in', () => {
    expect(tellsOf(policy({}), policy({ egress: [{ ports: port }] }))).toEqual([
      ['network-opened', 'payments → anybody :8443'],
    ]);
  });

  test('of proxies is there for everybody', () => {
    const proxies = {
      podSelector: { matchLabels: { 'gateway.envoyproxy.io/owning-gateway-name': 'meridian' } },
    };
    const [[kind] = []] = tellsOf(
      policy(proxies),
      policy({ ...proxies, ingress: [{ ports: port }] }),
    );
    expect(kind).toBe('network-opened');
  });

  test('of a whole namespace opens it where it goes, or shuts one direction less', () => {
    const all = policy({ podSelector: {} });
    expect(tellsOf(all, policy({ podSelector: {}, policyTypes: ['Egress'] }))).toEqual([
      ['newly-reachable', 'anybody → every pod in meridian'],
    ]);
    expect(tellsOf(all, undefined).map(([kind]) => kind)).toEqual([
      'newly-reachable',
      'newly-reachable',
    ]);
  });

  test('that opens much at once is told in one line', () => {
    const from = ['a', 'b', 'c', 'd'].map((name) => ({ podSelector: named(name) }));
    expect(tellsOf(undefined, policy({ ingress: [{ from, ports: port }] }))).toEqual([
      [
        'network-opened',
        'a → payments :8443, b → payments :8443, c → payments :8443, d → payments :8443',
      ],
    ]);
  });
});
