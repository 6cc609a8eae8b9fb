import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { cloudType, knownCloudTypes, referredTo } from './cloud-types.ts';
import type { CloudSchema } from './cloud-types.ts';
import { CONDITIONS } from './replaced/conditions.ts';
import { cloudReplacement } from './replaced-properties.ts';
import { replacementFacts } from './replaced/replacement-facts.ts';
import type { ReplacementFacts } from './replaced/replacement-facts.ts';

function hasProperty(given: CloudSchema, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  const schema = referredTo(given);
  const below = key === '*' ? schema.items : schema.properties?.[key];
  return below !== undefined && hasProperty(below, rest);
}

const require = createRequire(import.meta.url);
const DOCUMENTED = /\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\s+(\w+)\??:/g;

/** Properties of which the installed package says itself that they make another resource; its authors wrote that apart from the code. */
function documented(token: string): readonly string[] {
  const [name = '', module = '', className = ''] = token.split(':');
  const folder = path.dirname(require.resolve(`@pulumi/${name}/package.json`));
  const text = readFileSync(path.join(folder, `${module.replace('index/', '')}.d.ts`), 'utf8');
  const inputs = text.slice(text.indexOf(`export interface ${className}Args`));
  return [...inputs.matchAll(DOCUMENTED)]
    .filter(([, words = '']) => /\bforces? (?:a )?(?:new|recreation|the creation)/i.test(words))
    .map(([, , property = '']) => property);
}

/** What is wrong with facts: properties that nobody can give, and what packages document otherwise. */
function wrongFacts({ types }: ReplacementFacts): readonly string[] {
  return Object.entries(types).flatMap(([token, facts]) => {
    const inputs = cloudType(token)?.inputs ?? {};
    const properties = Object.keys(facts);
    const missing = properties.filter((property) => !hasProperty(inputs, property.split('.')));
    const denied = documented(token).filter(
      (property) => !properties.some((one) => one.split('.')[0] === property),
    );
    return [...missing, ...denied].map((property) => `${token} ${property}`);
  });
}

describe('facts of what makes another resource', () => {
  const facts = replacementFacts();

  test('are of every type that the platform makes, with where each is from', () => {
    expect(Object.keys(facts.types)).toEqual(knownCloudTypes());
    for (const one of Object.values(facts.types).flatMap((type) => Object.values(type))) {
      expect(one.at).toMatch(/^[\w. /]+:\d+$/);
    }
  });

  test('are of properties that their types have, and what packages document is among them', () => {
    expect(knownCloudTypes().flatMap(documented).length).toBeGreaterThan(5);
    expect(wrongFacts(facts)).toEqual([]);
  });

  test('that were wrong would be found', () => {
    const token = 'aws:rds/cluster:Cluster';
    const { storageType, ...others } = facts.types[token] ?? {};
    const planted = { ...others, storageTypes: storageType ?? { when: 'always', at: 'x:1' } };
    expect(wrongFacts({ ...facts, types: { ...facts.types, [token]: planted } })).toEqual([
      `${token} storageTypes`,
      `${token} storageType`,
    ]);
  });

  test('that are conditions are decided, but for those whose code asks more than the inputs say', () => {
    const open = Object.entries(facts.types).flatMap(([token, type]) =>
      Object.entries(type)
        .filter(([property, { when }]) => {
          return when === 'condition' && CONDITIONS[token]?.[property] === undefined;
        })
        .map(([property]) => `${token} ${property}`),
    );
    expect(open).toEqual([]);
    const unsaid = Object.entries(CONDITIONS).flatMap(([token, conditions]) =>
      Object.keys(conditions)
        .filter((property) => facts.types[token]?.[property] === undefined)
        .map((property) => `${token} ${property}`),
    );
    // These the code of a plan decides, without a name of a property.
    expect(unsaid.filter((one) => !one.startsWith('aws:vpc/securityGroup'))).toEqual([]);
  });
});

const RDS = 'aws:rds/cluster:Cluster';
const MSK = 'aws:msk/cluster:Cluster';
const CACHE = 'aws:elasticache/replicationGroup:ReplicationGroup';
const BALANCER = 'aws:lb/loadBalancer:LoadBalancer';
const RULE = 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule';
const network = { loadBalancerType: 'network' };

describe('what a condition decides', () => {
  test.each<readonly [type: string, path: string, before: object, after: object, what: string]>([
    // As Pulumi's own patch of the provider has it.
    [RDS, 'storageType', { storageType: 'io1' }, { storageType: 'gp3' }, 'kept'],
    [RDS, 'snapshotIdentifier', { snapshotIdentifier: 'a' }, {}, 'kept'],
    [RDS, 'kmsKeyId', { kmsKeyId: 'a' }, {}, 'kept'],
    [RDS, 'kmsKeyId', { kmsKeyId: 'a' }, { kmsKeyId: 'b' }, 'replaced'],
    [RDS, 'clusterIdentifier', { clusterIdentifier: 'a' }, {}, 'replaced'],
    [MSK, 'kafkaVersion', { kafkaVersion: '3.9.x.kraft' }, { kafkaVersion: '4.0.x' }, 'kept'],
    [MSK, 'kafkaVersion', { kafkaVersion: '3.9.x.kraft' }, { kafkaVersion: '3.8.x' }, 'replaced'],
    [MSK, 'storageMode', { storageMode: 'TIERED' }, { storageMode: 'LOCAL' }, 'replaced'],
    [MSK, 'encryptionInfo', {}, { encryptionInfo: {} }, 'replaced'],
    [CACHE, 'engine', { engine: 'redis' }, { engine: 'valkey' }, 'kept'],
    [CACHE, 'engine', { engine: 'valkey' }, { engine: 'redis' }, 'replaced'],
    [CACHE, 'engineVersion', { engineVersion: '8.0' }, { engineVersion: '7.2' }, 'replaced'],
    [CACHE, 'engineVersion', { engineVersion: '7.2' }, { engineVersion: '8.1' }, 'kept'],
    [CACHE, 'transitEncryptionEnabled', { engineVersion: '8.0' }, {}, 'kept'],
    [CACHE, 'transitEncryptionEnabled', {}, {}, 'unknown'],
    [
      BALANCER,
      'subnets',
      { ...network, subnets: ['a'] },
      { ...network, subnets: ['a', 'b'] },
      'kept',
    ],
    [
      BALANCER,
      'subnets',
      { ...network, subnets: ['a'] },
      { ...network, subnets: ['b'] },
      'replaced',
    ],
    [BALANCER, 'securityGroups', network, { ...network, securityGroups: ['a'] }, 'replaced'],
    [BALANCER, 'securityGroups', {}, { securityGroups: ['a'] }, 'unknown'],
    [RULE, 'cidrIpv4', { cidrIpv4: '10.0.0.0/8' }, { cidrIpv4: '10.0.0.0/9' }, 'kept'],
    [RULE, 'cidrIpv4', { cidrIpv4: '10.0.0.0/8' }, { prefixListId: 'p' }, 'replaced'],
    ['aws:eks/cluster:Cluster', 'encryptionConfig', { encryptionConfig: {} }, {}, 'replaced'],
    ['aws:ec2/subnet:Subnet', 'region', { region: 'a' }, { region: 'b' }, 'replaced'],
    ['random:index/randomPassword:RandomPassword', 'overrideSpecial', {}, {}, 'replaced'],
  ])('%s %s of %j and %j: %s', (type, property, before, after, what) => {
    const inputs = { before: { ...before }, after: { ...after } };
    expect(cloudReplacement(type, [property], inputs)).toBe(what);
  });

  test('is looked at in lists and above what the facts name', () => {
    const of = (minimum: string) => ({
      accessConfig: { bootstrapClusterCreatorAdminPermissions: minimum },
    });
    const outcome = (before: object, after: object) =>
      cloudReplacement('aws:eks/cluster:Cluster', ['accessConfig'], {
        before: { ...before },
        after: { ...after },
      });
    expect(outcome({}, of('a'))).toBe('replaced');
    expect(outcome({}, { accessConfig: { authenticationMode: 'API' } })).toBe('kept');
  });
});
