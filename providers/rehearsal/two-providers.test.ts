import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RehearsedProject } from './testing/rehearsed-project.ts';

const DEADLINE_MS = 120_000;

/** What `pulumi preview --json` prints. */
interface Preview {
  readonly steps: readonly {
    readonly op: string;
    readonly urn: string;
    readonly detailedDiff: Readonly<Record<string, { readonly kind: string }>> | null;
  }[];
}

interface Change {
  /** What makes the topic and the role. */
  readonly provider?: 'east' | 'west' | 'twin';
  readonly defaultTags?: string;
  readonly cluster?: string;
  readonly brokers?: string;
  readonly balancer?: string;
  readonly rule?: string;
  readonly setting?: string;
  readonly drawn?: string;
}

/** A program of two providers of AWS in two regions, and one that is told the same as the first. */
const program = ({ provider = 'east', ...change }: Change) => `
import { CustomResource, ProviderResource } from '@pulumi/pulumi';
const told = (region) => ({ region, defaultTags: JSON.stringify({ tags: { Stack: '${change.defaultTags ?? 'test'}' } }) });
const east = new ProviderResource('aws', 'east', told('us-east-1'));
const west = new ProviderResource('aws', 'west', told('eu-west-1'));
const twin = new ProviderResource('aws', 'twin', told('us-east-1'));
const by = (type, name, inputs, provider) => new CustomResource(type, name, inputs, { provider });
by('aws:sns/topic:Topic', 'topic', { displayName: 'one' }, ${provider});
by('aws:kms/key:Key', 'spare', {});
by('aws:iam/role:Role', 'role', { assumeRolePolicy: '{}' }, ${provider});
by('aws:rds/cluster:Cluster', 'cluster', { engine: 'postgres', kmsKeyId: 'one', backupRetentionPeriod: 7, ${change.cluster ?? ''} }, east);
by('aws:msk/cluster:Cluster', 'brokers', { kafkaVersion: '3.9.x.kraft', numberOfBrokerNodes: 3, brokerNodeGroupInfo: { clientSubnets: ['s'], instanceType: 'kafka.m7g.large', securityGroups: ['g'], ${change.brokers ?? ''} } }, east);
by('aws:lb/loadBalancer:LoadBalancer', 'balancer', { loadBalancerType: 'network', subnets: ['a', 'b'], ${change.balancer ?? ''} }, east);
by('aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule', 'rule', { ipProtocol: 'tcp', securityGroupId: 'g', cidrIpv4: '10.0.0.0/8', ${change.rule ?? ''} }, east);
by('cloudflare:index/zoneSetting:ZoneSetting', 'setting', { zoneId: 'z', settingId: 'ssl', value: 'full', ${change.setting ?? ''} });
by('random:index/randomPassword:RandomPassword', 'drawn', { length: 32, ${change.drawn ?? ''} });
`;

/** The real engine: what it does with resources of clouds that are deployed. */
describe('a rehearsal of clouds', () => {
  let project: RehearsedProject;

  const preview = async (change: Change): Promise<Readonly<Record<string, string>>> => {
    project.write('index.ts', program(change));
    const { steps } = JSON.parse(await project.succeed('preview', '--json')) as Preview;
    return Object.fromEntries(
      steps
        .filter(({ op }) => op !== 'same')
        .map(({ op, urn, detailedDiff }) => [
          urn.split('::').at(-1) ?? '',
          [op, ...Object.keys(detailedDiff ?? {}).toSorted()].join(' '),
        ]),
    );
  };

  beforeAll(async () => {
    project = await RehearsedProject.create();
    project.write('index.ts', program({}));
    await project.succeed('config', 'set', 'aws:region', 'us-east-1');
    await project.succeed('up', '--yes', '--skip-preview');
  }, DEADLINE_MS);

  afterAll(() => {
    project.remove();
  });

  test(
    'leaves what is told the same by another provider, and updates what its provider updates',
    async () => {
      const change = {
        provider: 'twin',
        cluster: 'backupRetentionPeriod: 14',
        balancer: "subnets: ['a', 'b', 'c']",
        rule: "cidrIpv4: '10.0.0.0/9'",
        setting: "value: 'strict'",
      } as const;
      expect(await preview(change)).toEqual({
        cluster: 'update backupRetentionPeriod',
        balancer: 'update subnets[2]',
        rule: 'update cidrIpv4',
        setting: 'update value',
      });
    },
    DEADLINE_MS,
  );

  test(
    'makes again what moves to another region and what its provider replaces by the values of a change; a role is of no region',
    async () => {
      const change = {
        provider: 'west',
        cluster: "kmsKeyId: 'other'",
        brokers: "instanceType: 'kafka.m7g.xlarge'",
        balancer: "subnets: ['a', 'c']",
        rule: "cidrIpv6: '::/0'",
        setting: "settingId: 'tls'",
        drawn: 'length: 33',
      } as const;
      expect(await preview(change)).toEqual({
        topic: 'replace region',
        cluster: 'replace kmsKeyId',
        brokers: 'update brokerNodeGroupInfo.instanceType',
        balancer: 'replace subnets[1]',
        rule: 'replace cidrIpv6',
        setting: 'replace settingId',
        drawn: 'replace length',
      });
    },
    DEADLINE_MS,
  );

  test(
    'updates all that can be tagged where tags of its provider change, and makes again what the region of the stack was for',
    async () => {
      await project.succeed('config', 'set', 'aws:region', 'eu-west-1');
      expect(await preview({ defaultTags: 'other' })).toMatchObject({
        east: 'update defaultTags',
        topic: 'update tagsAll.Stack',
        role: 'update tagsAll.Stack',
        cluster: 'update tagsAll.Stack',
        spare: 'replace region',
      });
    },
    DEADLINE_MS,
  );
});
