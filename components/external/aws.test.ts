import { expect, test } from '@jest/globals';
import { checkpointBucket } from '../aws/bucket-names.ts';
import type { AwsSettings } from '../aws/aws-settings.ts';
import { platformWithExternal } from '../model/testing/sample-external.ts';
import { awsGround, sampleAwsContext } from '../testing/aws-ground.ts';
import { record } from '../testing/recording-mocks.ts';
import { sampleAwsSettings } from '../testing/sample-aws.ts';
import { awsExternals } from './aws.ts';
import { Externals } from './external.ts';

const own = checkpointBucket({ account: '111122223333', environment: 'sample' });

const settingsWith = (bucket: string): AwsSettings => ({
  ...sampleAwsSettings,
  externals: {
    binder: {
      standIn: false,
      uri: 'https://s3.us-east-1.amazonaws.com',
      networks: ['192.0.2.0/28'],
      secret: 'binder-keys',
      parameters: { bucket },
    },
  },
});

const typesOf = async (settings: AwsSettings) => {
  const engine = awsExternals(settings);
  const lowered = engine.lower(sampleAwsContext(settings, platformWithExternal()));
  const { resources } = await record(() => {
    const landing = engine.land(lowered, { serviceParts: {}, rollouts: {} });
    const { zones } = awsGround();
    new Externals('externals', { landing, zones });
  });
  return resources.filter(({ type }) => type.startsWith('aws:'));
};

test('a bucket of heads of the audit log is locked, so that nobody changes one by mistake or by one stolen key', async () => {
  const made = await typesOf(settingsWith(own));
  const inputsOf = (kind: string) => made.find(({ type }) => type.endsWith(`:${kind}`))?.inputs;
  expect(inputsOf('Bucket')).toMatchObject({ bucket: own, objectLockEnabled: true });
  expect(inputsOf('BucketObjectLockConfiguration')).toMatchObject({
    rule: { defaultRetention: { mode: 'GOVERNANCE', days: 400 } },
  });
  expect(inputsOf('BucketVersioning')).toMatchObject({
    versioningConfiguration: { status: 'Enabled' },
  });
  expect(inputsOf('BucketLogging')).toMatchObject({
    targetBucket: 'meridian-sample-access-log-111122223333',
    targetPrefix: `${own}/`,
  });
  // Whoever bypasses governance is told of.
  expect(inputsOf('BucketNotification')).toMatchObject({
    topics: [
      {
        topicArn: 'arn:aws:sns:us-east-1:111122223333:meridian-sample-alarms',
        events: ['s3:ObjectRemoved:*'],
      },
    ],
  });
  // By the key that nobody can delete: one of ours could be, and the lock would keep what nobody can read any more.
  expect(inputsOf('BucketServerSideEncryptionConfiguration')).toMatchObject({
    rules: [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms' }, bucketKeyEnabled: true },
    ],
  });
  expect(made.map(({ type }) => type)).not.toContain('aws:kms/key:Key');
});

test('whoever writes heads does so by its role, which takes none away, and no Secret has a key', () => {
  const [settings] = [settingsWith(own)];
  const binder = settings.externals['binder'];
  if (binder?.standIn !== false) throw new Error('The sample has no binder');
  const byRole = { ...settings, externals: { binder: { ...binder, byRole: true as const } } };
  const engine = awsExternals(byRole);
  const context = sampleAwsContext(byRole, platformWithExternal());
  const users = context.graph.externals.flatMap((external) => external.users);
  expect(users).not.toEqual([]);
  for (const user of users) {
    const rights = [engine.use(context, user) ?? []].flat();
    expect(rights.flatMap(({ secrets = {} }) => Object.keys(secrets))).toEqual([]);
    expect(rights.flatMap(({ cloudRights = [] }) => cloudRights)).toEqual([
      { actions: ['s3:GetBucketVersioning', 's3:ListBucket'], resources: [`arn:aws:s3:::${own}`] },
      { actions: ['s3:GetObject', 's3:PutObject'], resources: [`arn:aws:s3:::${own}/*`] },
    ]);
  }
  expect(engine.ownersSecrets?.(context)).toEqual([]);
  const text = JSON.stringify(engine.lower(context).steps);
  expect(text).toContain('"mechanism":"iam"');
  expect(text).not.toContain('-file"');
});

test("nothing is made of somebody else's bucket", async () => {
  expect(await typesOf(settingsWith('of-somebody-else'))).toEqual([]);
});
