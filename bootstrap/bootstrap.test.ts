import { beforeAll, describe, expect, test } from '@jest/globals';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { PolicyDocument } from '@meridian/components/aws/policy-document.ts';
import { record } from '@meridian/components/testing/recording-mocks.ts';
import type { Recording } from '@meridian/components/testing/recording-mocks.ts';
import { logFaults } from '../tests/logs/log-faults.ts';
import { declareAlarms } from './alarms.ts';
import { deployTrust } from './deploy-policies.ts';
import { declareRoles } from './roles.ts';
import { declareImageRepositories } from './image-repositories.ts';
import { bootstrapSettings } from './settings.ts';
import { declareState } from './state.ts';

const config = {
  'aws:region': 'us-east-1',
  'aws:allowedAccountIds': '["111122223333"]',
  'meridian-bootstrap:repository': 'example/meridian',
  'meridian-bootstrap:alarmEmail': 'platform@meridian.example',
  'meridian-bootstrap:budgetUsdMonth': '2500',
  'meridian-bootstrap:people': '["arn:aws:iam::111122223333:user/example"]',
  'meridian-bootstrap:images': '["catalog"]',
};
const settings = bootstrapSettings('prod', config);
const problemsOf = (raw: Readonly<Record<string, string>>): readonly string[] => {
  try {
    bootstrapSettings('prod', raw);
  } catch (error) {
    if (error instanceof CodedError) return error.problems;
    throw error;
  }
  return [];
};

describe('settings of a bootstrap', () => {
  test('are all needed, and every mistake is told at once', () => {
    expect(problemsOf({})).toHaveLength(6);
    expect(
      problemsOf({
        ...config,
        'aws:allowedAccountIds': 'mine',
        'meridian-bootstrap:repository': 'x',
      }),
    ).toEqual([
      expect.stringMatching(/^Setting 'aws:allowedAccountIds': must be/),
      expect.stringMatching(/^Setting 'meridian-bootstrap:repository': must be a repository/),
    ]);
  });

  test('name a repository as its tokens do, with the numbers of both or of neither', () => {
    const named = (repository: string) =>
      bootstrapSettings('prod', { ...config, 'meridian-bootstrap:repository': repository });
    const { Statement } = deployTrust(named('example@123456/meridian@456789'));
    expect(JSON.stringify(Statement)).toContain(
      '"repo:example@123456/meridian@456789:environment:prod"',
    );
    for (const wrong of ['example@123456/meridian', 'example@x/meridian@1', 'example/*']) {
      expect(() => named(wrong)).toThrow(CodedError);
    }
  });

  test('name people of the account alone', () => {
    const people = '["arn:aws:iam::444455556666:user/stranger"]';
    expect(problemsOf({ ...config, 'meridian-bootstrap:people': people })).toEqual([
      expect.stringMatching(/must be of account '111122223333', got 'arn:aws:iam::444455556666/),
    ]);
  });
});

describe('a bootstrap', () => {
  let made: Recording;
  beforeAll(async () => {
    made = await record(() => {
      const records = declareState(settings);
      declareRoles(settings);
      declareAlarms(settings, records);
      declareImageRepositories(settings);
    });
  });
  const ofType = (type: string) => made.resources.filter((one) => one.type === `aws:${type}`);
  const inputsOf = (type: string, name: string) =>
    ofType(type).find((one) => one.name === name)?.inputs ?? {};
  const documentOf = (type: string, name: string, property: string) =>
    JSON.parse(String(inputsOf(type, name)[property])) as PolicyDocument;

  test('keeps no line and no record for ever, nor without a key but where one may be missing when it is needed', () => {
    const all = made.resources.map((one) => ({
      ...one,
      known: [`${one.name}-id`, one.inputs['bucket']],
    }));
    expect(
      logFaults(all, {
        madeByAws: {},
        withoutEnd: { state: 'there is one state of a stack' },
        byAnotherKey: {
          accessLog: 'S3 writes lines of access by no other',
          trail: 'the record has to be when something is wrong with our keys',
        },
      }),
    ).toEqual([]);
    expect(made.resources.map(({ type }) => type)).toContain('aws:cloudtrail/trail:Trail');
  });

  test('keeps versions of every bucket, encrypted, closed and over TLS alone', () => {
    for (const name of ['accessLog', 'state', 'trail']) {
      expect(inputsOf('s3/bucketVersioning:BucketVersioning', name)).toMatchObject({
        versioningConfiguration: { status: 'Enabled' },
      });
      expect(inputsOf('s3/bucketPublicAccessBlock:BucketPublicAccessBlock', name)).toMatchObject({
        blockPublicAcls: true,
        restrictPublicBuckets: true,
      });
      const { Statement } = documentOf('s3/bucketPolicy:BucketPolicy', name, 'policy');
      expect(Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Principal: '*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
    }
    expect(
      inputsOf(
        's3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
        'state',
      ),
    ).toMatchObject({
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms' } }],
    });
    expect(inputsOf('kms/key:Key', 'state')).toMatchObject({ deletionWindowInDays: 30 });
  });

  test('has who asked what of its buckets and who came to balancers written down, by S3 and the delivery of logs for the account alone', () => {
    for (const name of ['state', 'trail']) {
      expect(inputsOf('s3/bucketLogging:BucketLogging', name)).toMatchObject({
        targetPrefix: `meridian-prod-${name}-111122223333/`,
      });
    }
    const { Statement } = documentOf('s3/bucketPolicy:BucketPolicy', 'accessLog', 'policy');
    const delivered = (besides: Readonly<Record<string, string>>) => ({
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': '111122223333', ...besides },
        ArnLike: { 'aws:SourceArn': 'arn:aws:logs:us-east-1:111122223333:*' },
      },
    });
    expect(Statement.filter(({ Effect }) => Effect === 'Allow')).toEqual([
      expect.objectContaining({
        Principal: { Service: 'logging.s3.amazonaws.com' },
        Action: 's3:PutObject',
        Condition: {
          ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::meridian-prod-*' },
          StringEquals: { 'aws:SourceAccount': '111122223333' },
        },
      }),
      expect.objectContaining({
        Action: 's3:GetBucketAcl',
        Resource: 'arn:aws:s3:::meridian-prod-access-log-111122223333',
        ...delivered({}),
      }),
      expect.objectContaining({
        Action: 's3:PutObject',
        Resource: 'arn:aws:s3:::meridian-prod-access-log-111122223333/AWSLogs/111122223333/*',
        ...delivered({ 's3:x-amz-acl': 'bucket-owner-full-control' }),
      }),
    ]);
    // S3 writes no line into a bucket that a key of KMS encrypts.
    const encryption = inputsOf(
      's3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
      'accessLog',
    );
    expect(JSON.stringify(encryption)).toContain('AES256');
  });

  test('tells people of what is removed where nobody removes anything', () => {
    for (const name of ['accessLog', 'trail']) {
      expect(inputsOf('s3/bucketNotification:BucketNotification', name)).toMatchObject({
        topics: [{ events: ['s3:ObjectRemoved:*'] }],
      });
    }
    expect(ofType('s3/bucketNotification:BucketNotification')).toHaveLength(2);
  });

  test('lets S3 and EventBridge of the account alone write to people', () => {
    expect(inputsOf('sns/topic:Topic', 'alarms')).toMatchObject({ name: 'meridian-prod-alarms' });
    const { Statement } = documentOf('sns/topicPolicy:TopicPolicy', 'alarms', 'policy');
    expect(Statement).toEqual([
      expect.objectContaining({
        Principal: { Service: ['events.amazonaws.com', 's3.amazonaws.com'] },
        Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
      }),
    ]);
  });

  test('lets deploy whoever has approval in the environment of the repository, and nobody else', () => {
    const { Statement } = documentOf('iam/role:Role', 'deploy', 'assumeRolePolicy');
    expect(Statement).toHaveLength(1);
    expect(Statement[0]?.Condition).toEqual({
      StringEquals: {
        'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
        'token.actions.githubusercontent.com:sub': 'repo:example/meridian:environment:prod',
      },
    });
  });

  test('makes no role by a deployment but within the boundary, which a deployment cannot change', () => {
    const { Statement } = documentOf('iam/rolePolicy:RolePolicy', 'deploy', 'policy');
    const creates = Statement.filter(
      ({ Effect, Action }) =>
        Effect === 'Allow' && [Action].flat().some((one) => one === 'iam:CreateRole'),
    );
    expect(creates).toEqual([
      expect.objectContaining({
        Condition: {
          StringEquals: {
            'iam:PermissionsBoundary': 'arn:aws:iam::111122223333:policy/meridian-prod-boundary',
          },
        },
      }),
    ]);
    const denied = Statement.filter(({ Effect }) => Effect === 'Deny').flatMap(
      ({ Action }) => Action,
    );
    expect(denied).toEqual(
      expect.arrayContaining(['iam:CreatePolicyVersion', 'iam:DeleteRolePermissionsBoundary']),
    );
    expect(JSON.stringify(Statement)).not.toContain('"Action":"*"');
  });

  test('breaks the glass by a second factor alone, and tells', () => {
    const { Statement } = documentOf('iam/role:Role', 'break-glass', 'assumeRolePolicy');
    expect(Statement.map(({ Condition }) => Condition)).toEqual([
      expect.objectContaining({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    ]);
    const rule = inputsOf('cloudwatch/eventRule:EventRule', 'broken-glass');
    expect(String(rule['eventPattern'])).toContain(
      'arn:aws:iam::111122223333:role/meridian-prod-break-glass',
    );
    expect(ofType('cloudwatch/eventTarget:EventTarget').map(({ name }) => name)).toEqual([
      'broken-glass',
      'key-at-risk',
      'root-signed-in',
    ]);
    expect(ofType('cloudtrail/trail:Trail')).toHaveLength(1);
  });

  test('lets nobody who only looks read a state or a secret', () => {
    const { Statement } = documentOf('iam/rolePolicy:RolePolicy', 'read-only', 'policy');
    expect(Statement.flatMap(({ Effect, Action }) => [Effect, Action].flat())).toEqual([
      'Deny',
      's3:GetObject*',
      'Deny',
      'secretsmanager:GetSecretValue',
      'Deny',
      'kms:Decrypt',
    ]);
  });

  test('lets who only looks read heads of the audit log, and have nothing else decrypted', () => {
    const { Statement } = documentOf('iam/rolePolicy:RolePolicy', 'read-only', 'policy');
    expect(Statement.filter(({ Condition }) => Condition !== undefined)).toEqual([
      expect.objectContaining({
        Action: 'kms:Decrypt',
        Condition: {
          StringNotEquals: {
            'kms:EncryptionContext:aws:s3:arn':
              'arn:aws:s3:::meridian-prod-checkpoints-111122223333',
          },
        },
      }),
    ]);
  });

  test('lets no role of the platform, nor a deployment, come to a database by a token, as people do who broke the glass', () => {
    for (const [type, name] of [
      ['iam/policy:Policy', 'boundary'],
      ['iam/rolePolicy:RolePolicy', 'deploy'],
      ['iam/rolePolicy:RolePolicy', 'read-only'],
    ] as const) {
      const allowed = documentOf(type, name, 'policy')
        .Statement.filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Action }) => Action);
      expect(allowed.filter((action) => /^(?:\*|rds-db:.*)$/.test(action ?? ''))).toEqual([]);
    }
    expect(
      ofType('iam/rolePolicyAttachment:RolePolicyAttachment').map(({ inputs }) => inputs),
    ).toContainEqual(
      expect.objectContaining({ policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
    );
  });

  test('fits into what IAM takes of a policy: 6144 characters of a managed one, 10240 of a role', () => {
    const length = (type: string, name: string) => String(inputsOf(type, name)['policy']).length;
    expect(length('iam/policy:Policy', 'boundary')).toBeLessThanOrEqual(6_144);
    expect(length('iam/rolePolicy:RolePolicy', 'deploy')).toBeLessThanOrEqual(10_240);
  });

  test('keeps images whose tags are never moved, scanned, encrypted, and for as long as a tag names them', () => {
    expect(inputsOf('ecr/repository:Repository', 'catalog')).toMatchObject({
      name: 'meridian-prod/catalog',
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: 'KMS' }],
    });
    const lifecycle = String(inputsOf('ecr/lifecyclePolicy:LifecyclePolicy', 'catalog')['policy']);
    expect(lifecycle).toContain('"tagStatus":"untagged"');
    const none = { ...config, 'meridian-bootstrap:images': '[]' };
    expect(bootstrapSettings('prod', none).images).toEqual([]);
    expect(problemsOf({ ...config, 'meridian-bootstrap:images': '["Catalog:1"]' })).toEqual([
      expect.stringMatching(/images.*must be names of images/),
    ]);
  });

  test('says what a month may cost', () => {
    expect(inputsOf('budgets/budget:Budget', 'month')).toMatchObject({
      limitAmount: '2500',
      limitUnit: 'USD',
      timeUnit: 'MONTHLY',
    });
  });
});
