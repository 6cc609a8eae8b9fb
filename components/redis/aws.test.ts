import { describe, expect, test } from '@jest/globals';
import { redis } from '../model/store.ts';
import { samplePlatform, shelf, withService } from '../model/testing/sample-platform.ts';
import { awsGround, sampleAwsContext } from '../testing/aws-ground.ts';
import { record } from '../testing/recording-mocks.ts';
import type { Recording } from '../testing/recording-mocks.ts';
import { sampleAwsSettings } from '../testing/sample-aws.ts';
import { awsRedis } from './aws.ts';
import { serverUsers } from './redis-grants.ts';
import { Redis } from './redis.ts';

const platform = withService('shelf', { stores: [...shelf.stores, redis({ name: 'pages' })] });
const engine = awsRedis(sampleAwsSettings);

const land = (of = platform): Promise<Recording> =>
  record(
    () => {
      const lowered = engine.lower(sampleAwsContext(sampleAwsSettings, of));
      const landing = engine.land(lowered, { serviceParts: {}, rollouts: {} });
      new Redis('redis', { landing, ...awsGround() });
    },
    {
      'aws:elasticache/replicationGroup:ReplicationGroup': {
        primaryEndpointAddress: 'primary.example',
      },
      'random:index/randomPassword:RandomPassword': { result: 'marker-of-a-password' },
    },
  );

const inputsOf = ({ resources }: Recording, type: string) =>
  resources.filter((one) => one.type === type).map(({ inputs }) => inputs);

describe('Redis of AWS', () => {
  test('is a primary and two replicas in three zones, over TLS and encrypted, that fails over by itself', async () => {
    const [group] = inputsOf(await land(), 'aws:elasticache/replicationGroup:ReplicationGroup');
    expect(group).toMatchObject({
      applyImmediately: true,
      engine: 'valkey',
      clusterMode: 'disabled',
      numCacheClusters: 3,
      preferredCacheClusterAzs: ['zone-a', 'zone-b', 'zone-c'],
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      snapshotRetentionLimit: 0,
      userGroupIds: ['sample-sample'],
    });
  });

  test('has the users of every landing, with the same rules, and lets nobody in without a name', async () => {
    const context = sampleAwsContext(sampleAwsSettings, platform);
    const [nobody, ...users] = engine.lower(context).users;
    expect(nobody).toEqual({
      name: 'default',
      id: 'sample-sample-default',
      accessString: 'off resetchannels -@all',
    });
    const words = (text: string) =>
      text.split(' ').filter((word) => !['on', 'resetchannels'].includes(word));
    expect(users.map(({ name, accessString }) => [name, words(accessString)])).toEqual(
      serverUsers(context.graph).map(({ name, rules }) => [name, rules]),
    );
    for (const { accessString } of users) expect(accessString).toMatch(/^on .*-@all /);
    const made = inputsOf(await land(), 'aws:elasticache/user:User');
    expect(made.map(({ userName }) => userName)).toEqual(['default', 'shelf', 'monitor']);
    expect(JSON.stringify(made)).not.toContain('noPasswordRequired');
  });

  test('binds a service by a password, without a certificate', async () => {
    const recording = await land();
    const { inputs } = recording.resource('secret-sample-pages-redis-binding');
    expect(inputs['stringData']).toMatchObject({
      value: {
        type: 'redis',
        host: 'primary.example',
        port: '6379',
        username: 'shelf',
        password: 'marker-of-a-password',
        'password-file': 'bindings/pages-redis/password',
        'key-prefix': 'pages:',
      },
    });
    expect(JSON.stringify(inputs)).not.toContain('tls-folder');
    const use = engine.use(sampleAwsContext(sampleAwsSettings, platform), 'shelf');
    expect(use).toMatchObject({
      bindings: { 'pages-redis': 'pages-redis-binding' },
      egress: { ports: [6_379] },
    });
    expect(use).not.toHaveProperty('identityFolder');
  });

  test('is not there where no service has a key space', async () => {
    const { resources } = await land(samplePlatform);
    expect(resources.filter(({ type }) => type.startsWith('aws:'))).toEqual([]);
  });
});
