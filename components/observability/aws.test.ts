import { describe, expect, test } from '@jest/globals';
import { telemetryBucket } from '../aws/bucket-names.ts';
import { mayUseBucket, overTlsAlone } from '../aws/bucket.ts';
import { awsGround, sampleAwsContext } from '../testing/aws-ground.ts';
import { record } from '../testing/recording-mocks.ts';
import { sampleAwsSettings } from '../testing/sample-aws.ts';
import { awsObservability } from './aws.ts';
import { Observability } from './observability.ts';

const bucket = telemetryBucket({ account: '111122223333', environment: 'sample' });
const settings = {
  ...sampleAwsSettings,
  telemetry: {
    ...sampleAwsSettings.telemetry,
    objectStore: {
      ...{ uri: 'https://s3.us-east-1.amazonaws.com', region: 'us-east-1', bucket },
      networks: ['0.0.0.0/0'],
    },
  },
};

const lowered = awsObservability(settings).lower(sampleAwsContext(settings));

const land = () =>
  record(
    () => {
      const ground = awsGround();
      const [certificates, edge] = [undefined as never, undefined as never];
      // What is in the cluster is looked at elsewhere.
      const landing = awsObservability(settings).land({ ...lowered, steps: [] }, {});
      new Observability('observability', { landing, ...ground, certificates, edge });
    },
    {
      'aws:s3/bucket:Bucket': { arn: `arn:aws:s3:::${bucket}` },
      'aws:kms/key:Key': { arn: 'arn:key' },
    },
  );

describe('telemetry on AWS', () => {
  test('has a bucket that is encrypted, closed, kept for a while and reached over TLS alone', async () => {
    const { resources } = await land();
    const inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = Object.fromEntries(
      resources
        .filter(({ type }) => type.startsWith('aws:s3/'))
        .map((one) => [one.type.split(':')[2] ?? '', one.inputs] as const),
    );
    expect(inputs['Bucket']).toMatchObject({ bucket });
    expect(inputs['BucketPublicAccessBlock']).toMatchObject({
      ...{ blockPublicAcls: true, blockPublicPolicy: true },
      ...{ ignorePublicAcls: true, restrictPublicBuckets: true },
    });
    expect(inputs['BucketServerSideEncryptionConfiguration']).toMatchObject({
      rules: [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: 'aws:kms',
            kmsMasterKeyId: 'arn:key',
          },
        },
      ],
    });
    expect(inputs['BucketVersioning']).toMatchObject({
      versioningConfiguration: { status: 'Enabled' },
    });
    expect(JSON.parse(String(inputs['BucketPolicy']?.['policy']))).toEqual(
      overTlsAlone(`arn:aws:s3:::${bucket}`),
    );
  });

  test('tells people of versions that somebody takes away, which no keeper may, and not of what keepers delete all day', async () => {
    const { resources } = await land();
    const told = resources.filter(({ type }) => type.endsWith(':BucketNotification'));
    expect(told.map(({ inputs }) => inputs['topics'])).toEqual([
      [
        {
          topicArn: 'arn:aws:sns:us-east-1:111122223333:meridian-sample-alarms',
          events: ['s3:ObjectRemoved:Delete'],
        },
      ],
    ]);
    const rights = JSON.stringify(mayUseBucket(`arn:aws:s3:::${bucket}`, 'arn:key'));
    expect(rights).not.toMatch(/DeleteObjectVersion|s3:\*|DeleteObject\*/);
  });

  test('lets Loki and Tempo use it by their roles, and has no key of it anywhere', async () => {
    const { resources } = await land();
    const associated = resources.filter(({ type }) => type.endsWith(':PodIdentityAssociation'));
    expect(associated.map(({ inputs }) => [inputs['namespace'], inputs['serviceAccount']])).toEqual(
      ['cloudwatch-exporter', 'loki', 'tempo'].map((account) => ['watch', account]),
    );
    const policies = resources.filter(({ type }) => type.endsWith(':RolePolicy'));
    for (const { inputs } of policies.filter(({ name }) => !name.endsWith('-exporter'))) {
      expect(JSON.parse(String(inputs['policy']))).toEqual(
        mayUseBucket(`arn:aws:s3:::${bucket}`, 'arn:key'),
      );
    }
    // Whoever cannot go on with a large object takes its parts back.
    expect(JSON.stringify(policies)).toContain('s3:AbortMultipartUpload');
    const text = JSON.stringify(lowered.steps);
    expect(text).not.toMatch(/telemetry-store-keys|SECRET_ACCESS_KEY|secret_access_key/);
    expect(text).toContain(bucket);
  });
});
