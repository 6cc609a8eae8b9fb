import { describe, expect, test } from '@jest/globals';
import { sampleClusterSettings } from '../testing/sample-cluster.ts';
import { apiServerRule, dnsRule, policyObject } from './network-policy.ts';
import type { PolicyRule } from './network-policy.ts';

const ways = (rule: PolicyRule) =>
  policyObject({ name: 'sample' }, { pods: {}, ingress: [], egress: [rule] }).spec.egress;

describe('the way to DNS', () => {
  const pods = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dns' } },
    podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
  };

  test('leads to its pods', () => {
    expect(ways(dnsRule(sampleClusterSettings))).toMatchObject([{ to: [pods] }]);
  });

  test('leads to what answers before them on each node too, where that is said', () => {
    const dns = { ...sampleClusterSettings.dns, networks: ['169.254.20.10/32'] };
    expect(ways(dnsRule({ dns }))).toMatchObject([
      { to: [pods, { ipBlock: { cidr: '169.254.20.10/32' } }] },
    ]);
  });

  test('leads to the ports of the pods, which may be others than that of their Service', () => {
    const dns = { ...sampleClusterSettings.dns, ports: [5_353] };
    const [way] = ways(dnsRule({ dns })) ?? [];
    expect(way?.ports?.map(({ protocol, port }) => [protocol, port])).toEqual([
      ['UDP', 5_353],
      ['TCP', 5_353],
    ]);
  });
});

describe('the way to the API server', () => {
  test('leads to where the cluster has it', () => {
    expect(ways(apiServerRule(sampleClusterSettings))).toMatchObject([
      { to: [{ ipBlock: { cidr: '10.0.0.1/32' } }], ports: [{ protocol: 'TCP' }] },
    ]);
  });

  test('names no network unless one is said, since some know it by no address', () => {
    const [way] = ways(apiServerRule({ apiServer: { networks: [], ports: [443] } })) ?? [];
    expect(way?.to).toEqual([]);
    expect(way?.ports).toHaveLength(1);
  });
});
