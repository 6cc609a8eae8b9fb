import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AwsSettings } from '../aws/aws-settings.ts';
import type { ClusterObject } from '../kubernetes/manifest.ts';
import { record } from '../testing/recording-mocks.ts';
import type { Recording } from '../testing/recording-mocks.ts';
import { sampleAwsSettings } from '../testing/sample-aws.ts';
import { sampleClusterContext } from '../testing/sample-cluster.ts';
import { declareBalancer, targetGroupOf, targetGroupsOf } from './aws/balancer.ts';
import { CLOUDFLARE_NETWORKS } from './aws/cloudflare-addresses.ts';
import { declareCloudflare } from './aws/cloudflare.ts';
import { edgeRules } from './aws/plan-rules.ts';
import { awsEdge } from './aws.ts';

const lower = (settings: AwsSettings = sampleAwsSettings) =>
  awsEdge(settings).lower(sampleClusterContext());
const objects = (settings = sampleAwsSettings): readonly ClusterObject[] =>
  lower(settings).steps.flatMap(({ manifests = [] }) => manifests);
const named = (kind: string, name: string, settings = sampleAwsSettings): unknown =>
  objects(settings).find((one) => one.kind === kind && one.metadata.name === name)?.['spec'];
const withAuthorities = (...originPullAuthorities: readonly string[]): AwsSettings => ({
  ...sampleAwsSettings,
  aws: {
    ...sampleAwsSettings.aws,
    cloudflare: { ...sampleAwsSettings.aws.cloudflare, originPullAuthorities },
  },
});

describe('the edge of production in the cluster', () => {
  test('has proxies without a balancer of their own, registered with the one that Pulumi has made', () => {
    expect(named('EnvoyProxy', 'sample')).toMatchObject({
      provider: { kubernetes: { envoyService: { type: 'ClusterIP' } } },
    });
    const group = targetGroupOf(sampleAwsSettings);
    expect(named('TargetGroupBinding', group)).toEqual({
      targetGroupName: group,
      targetType: 'ip',
      ipAddressType: 'ipv4',
      serviceRef: { name: 'sample-outside', port: 443 },
    });
    expect(named('Service', 'sample-outside')).toMatchObject({ ports: [{ targetPort: 8443 }] });
  });

  test('lets in from outside whoever shows a certificate of one of the authorities, and believes its word on clients', () => {
    const settings = withAuthorities('old', 'new');
    expect(named('ClientTrafficPolicy', 'sample-outside', settings)).toMatchObject({
      targetRefs: [{ kind: 'Gateway', name: 'sample', sectionName: 'outside' }],
      clientIPDetection: { customHeader: { name: 'CF-Connecting-IP', failClosed: true } },
      tls: {
        minVersion: '1.2',
        clientValidation: {
          caCertificateRefs: [{ kind: 'ConfigMap', name: 'sample-origin-pulls' }],
        },
      },
    });
    const bundle = objects(settings).find(({ kind }) => kind === 'ConfigMap');
    expect(bundle).toMatchObject({ data: { 'ca.crt': 'old\nnew\n' } });
  });

  test('asks nobody inside for a certificate, and routes both alike', () => {
    expect(named('ClientTrafficPolicy', 'sample', withAuthorities('one'))).not.toHaveProperty(
      'tls.clientValidation',
    );
    expect(named('Gateway', 'sample')).toMatchObject({
      listeners: [
        { name: 'https', port: 443 },
        { name: 'http', port: 80 },
        { name: 'outside', port: 8443, hostname: 'sample.example' },
      ],
    });
    expect(named('HTTPRoute', 'sample-reads')).toMatchObject({
      parentRefs: [{ sectionName: 'https' }, { sectionName: 'outside' }],
    });
  });

  test('lets nothing from outside of the network to the proxies', () => {
    const { ingress } = named('NetworkPolicy', 'sample-proxies') as {
      readonly ingress: readonly { readonly from: readonly unknown[] }[];
    };
    expect(ingress.every(({ from }) => from.length > 0)).toBe(true);
    expect(ingress).toContainEqual({
      from: ['10.0.48.0/20', '10.0.112.0/20', '10.0.176.0/20'].map((cidr) => ({
        ipBlock: { cidr },
      })),
      ports: [{ protocol: 'TCP', port: 8443 }],
    });
  });
});

describe('rules at Cloudflare', () => {
  test('are those that the plan has, and none skips another', () => {
    const all = sampleAwsSettings.aws.cloudflare.rules;
    expect(edgeRules('free', all)).toEqual({
      managed: [],
      rates: [expect.objectContaining({ ref: 'api-rate', requests: 500, seconds: 10 })],
    });
    expect(edgeRules('pro', all)).toMatchObject({
      managed: [{ ref: 'managed' }, { ref: 'owasp' }],
      rates: [{ ref: 'sign-in-rate', requests: 60 }, { ref: 'api-rate' }],
    });
    expect(edgeRules('pro', ['managed']).rates).toEqual([]);
  });
});

describe('the edge of production outside of the cluster', () => {
  let made: Recording;
  beforeAll(async () => {
    const { balancer, cloudflare } = lower();
    made = await record(() => {
      const place = { name: 'edge', vpcId: 'vpc', subnets: ['a', 'b', 'c'], pods: 'pods' };
      declareCloudflare('edge', cloudflare, declareBalancer(place, balancer, {}).host, {});
    });
  });
  const inputsOf = (type: string) =>
    made.resources.filter((one) => one.type === type).map(({ inputs }) => inputs);

  test('takes connections of Cloudflare alone, at one port', () => {
    const rules = inputsOf('aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule');
    const open = rules.filter(({ cidrIpv4 }) => cidrIpv4 !== undefined);
    expect(open.map(({ cidrIpv4 }) => cidrIpv4)).toEqual(CLOUDFLARE_NETWORKS);
    expect(open.every(({ fromPort, toPort }) => fromPort === 443 && toPort === 443)).toBe(true);
    expect(rules).toContainEqual(
      expect.objectContaining({ securityGroupId: 'pods', fromPort: 8443, toPort: 8443 }),
    );
  });

  test('has proxies in a group by another name for whatever another one is made for, so that it comes before the other goes', () => {
    const [group] = inputsOf('aws:lb/targetGroup:TargetGroup');
    const { port, protocol, targetType, ipAddressType } = lower().balancer.targets;
    expect(group).toMatchObject({ port, protocol, targetType, ipAddressType });
    expect(group?.['name']).toBe(targetGroupOf(sampleAwsSettings));
    const elsewhere = {
      ...sampleAwsSettings,
      aws: {
        ...sampleAwsSettings.aws,
        network: { ...sampleAwsSettings.aws.network, cidr: '10.9.0.0/16' },
      },
    };
    const names = [
      targetGroupOf(sampleAwsSettings),
      targetGroupOf(elsewhere),
      targetGroupOf(sampleAwsSettings, { ...lower().balancer.targets, port: port + 1 }),
    ];
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) {
      expect(name.startsWith(targetGroupsOf(sampleAwsSettings))).toBe(true);
      expect(name.length).toBeLessThanOrEqual(32);
    }
  });

  test('writes who came to where whoever deploys takes no line out, from the day on which it ends TLS', () => {
    expect(inputsOf('aws:lb/loadBalancer:LoadBalancer')).toEqual([
      expect.objectContaining({
        accessLogs: { enabled: true, bucket: 'meridian-sample-access-log-111122223333' },
      }),
    ]);
  });

  test('is in three zones and protected, and leaves TLS to the proxies', () => {
    expect(inputsOf('aws:lb/loadBalancer:LoadBalancer')).toEqual([
      expect.objectContaining({
        loadBalancerType: 'network',
        enableDeletionProtection: true,
        subnets: ['a', 'b', 'c'],
      }),
    ]);
    expect(inputsOf('aws:lb/listener:Listener')).toEqual([
      expect.objectContaining({ protocol: 'TCP', port: 443 }),
    ]);
  });

  test('has its name at Cloudflare only when the zone is strict and shows its certificate', () => {
    const settings = inputsOf('cloudflare:index/zoneSetting:ZoneSetting');
    const byName = Object.fromEntries(
      settings.map(({ settingId, value }) => [String(settingId), value]),
    );
    expect(byName).toMatchObject({ ssl: 'strict', min_tls_version: '1.2', always_use_https: 'on' });
    expect(byName['security_header']).toMatchObject({
      strict_transport_security: { enabled: true, max_age: 31_536_000 },
    });
    const record_ = made.resources.find(
      ({ type }) => type === 'cloudflare:index/dnsRecord:DnsRecord',
    );
    expect(record_?.inputs).toMatchObject({ proxied: true, type: 'CNAME', name: 'sample.example' });
    const end = made.timeline.lastIndexOf('start edge');
    for (const { settingId } of settings) {
      expect(made.timeline.indexOf(`end edge-${String(settingId)}`)).toBeLessThan(end);
    }
  });
});
