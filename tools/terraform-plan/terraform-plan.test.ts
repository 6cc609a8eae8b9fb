import { describe, expect, test } from '@jest/globals';
import { knownCloudTypes } from '@meridian/provider-rehearsal/clouds/cloud-types.ts';
import type { ExportedResource } from '../meridian/rehearsal/exported-resource.ts';
import { terraformNames } from './terraform-names.ts';
import { terraformPlan } from './terraform-plan.ts';

const NOUN = 'urn:pulumi:prod::meridian::meridian:postgres:Postgres';

const resource = (
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
  propertyDependencies: Readonly<Record<string, readonly string[]>> = {},
): ExportedResource => ({
  urn: `${NOUN}$${type}::${name}`,
  custom: true,
  type,
  inputs,
  propertyDependencies,
  dependencies: Object.values(propertyDependencies).flat(),
});

const BUCKET = resource('aws:s3/bucket:Bucket', 'audit', { bucket: 'meridian-audit' });
const STAND_IN = 'aws:s3/bucket:Bucket/audit';
const SECRET = {
  '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
  ciphertext: 'v1:planted-marker',
};

const planOf = (...resources: readonly ExportedResource[]) =>
  terraformPlan(resources, terraformNames());

/** The values, what is not known and the expressions of the only resource of a type. */
const partsOf = (type: string, ...resources: readonly ExportedResource[]) => {
  const plan = planOf(...resources);
  const isOfType = (one: { readonly type: string }) => one.type === type;
  const change = plan.resource_changes.find(isOfType)?.change;
  return {
    after: change?.after,
    unknown: change?.after_unknown,
    sensitive: change?.after_sensitive,
    expressions: plan.configuration.root_module.resources.find(isOfType)?.expressions,
  };
};

describe("a plan in Terraform's words", () => {
  test('has names of Terraform, and a list of one where it has a block of one', () => {
    const versioning = resource('aws:s3/bucketVersioning:BucketVersioning', 'audit', {
      bucket: STAND_IN,
      versioningConfiguration: { status: 'Enabled', mfaDelete: 'Disabled' },
    });
    expect(partsOf('aws_s3_bucket_versioning', BUCKET, versioning)).toEqual({
      after: { versioning_configuration: [{ status: 'Enabled', mfa_delete: 'Disabled' }] },
      unknown: { bucket: true, versioning_configuration: [{}] },
      sensitive: { versioning_configuration: [{}] },
      expressions: {
        bucket: { references: ['aws_s3_bucket.audit.id', 'aws_s3_bucket.audit'] },
        versioning_configuration: [
          { status: { constant_value: 'Enabled' }, mfa_delete: { constant_value: 'Disabled' } },
        ],
      },
    });
  });

  test('keeps a document that names an output, with a reference in place of the output', () => {
    const policy = resource('aws:s3/bucketPolicy:BucketPolicy', 'audit', {
      bucket: STAND_IN,
      policy: `{"Resource":"rehearsal:${STAND_IN}.arn/*"}`,
    });
    const { after, expressions } = partsOf('aws_s3_bucket_policy', BUCKET, policy);
    expect(after).toEqual({ policy: '{"Resource":"${aws_s3_bucket.audit.arn}/*"}' });
    expect(expressions).toMatchObject({
      policy: { references: ['aws_s3_bucket.audit.arn', 'aws_s3_bucket.audit'] },
    });
  });

  test('refers to what a known value came by, as the dependencies of the property say', () => {
    const policy = resource(
      'aws:s3/bucketPolicy:BucketPolicy',
      'audit',
      { bucket: 'meridian-audit', policy: '{}' },
      { bucket: [BUCKET.urn] },
    );
    expect(partsOf('aws_s3_bucket_policy', BUCKET, policy).expressions).toMatchObject({
      bucket: { references: ['aws_s3_bucket.audit'] },
    });
  });

  test('is the same in whichever order the engine tells what a property came by', () => {
    const other = resource('aws:s3/bucket:Bucket', 'traces', { bucket: 'meridian-traces' });
    const group = (...urns: readonly string[]) =>
      resource(
        'aws:elasticache/userGroup:UserGroup',
        'redis',
        { userIds: ['one', 'two'], engine: 'valkey', userGroupId: 'redis' },
        { userIds: urns },
      );
    const [one, another] = [group(BUCKET.urn, other.urn), group(other.urn, BUCKET.urn)];
    expect(JSON.stringify(planOf(BUCKET, other, one))).toContain(
      '{"references":["aws_s3_bucket.audit","aws_s3_bucket.traces"]}',
    );
    expect(planOf(BUCKET, other, another)).toEqual(planOf(BUCKET, other, one));
  });

  test('has no secret in it, wherever it is', () => {
    const version = resource('aws:secretsmanager/secretVersion:SecretVersion', 'orders', {
      secretId: 'one',
      secretString: SECRET,
    });
    const user = resource('aws:elasticache/user:User', 'orders', {
      userId: 'orders',
      authenticationMode: { type: 'password', passwords: [SECRET] },
    });
    expect(JSON.stringify(planOf(version, user))).not.toContain('planted-marker');
    expect(partsOf('aws_elasticache_user', user)).toMatchObject({
      after: { authentication_mode: [{ type: 'password', passwords: [null] }] },
      unknown: { authentication_mode: [{ passwords: [true] }] },
      sensitive: { authentication_mode: [{ passwords: [true] }] },
    });
    expect(partsOf('aws_secretsmanager_secret_version', version)).toMatchObject({
      unknown: { secret_string: true },
      sensitive: { secret_string: true },
    });
  });

  test('gives two resources of a name two addresses, and leaves out what is not of AWS', () => {
    const other = { ...BUCKET, urn: BUCKET.urn.replace('postgres:Postgres', 'redis:Redis') };
    const password = resource('random:index/randomPassword:RandomPassword', 'one', {});
    expect(planOf(BUCKET, other, password).resource_changes.map(({ address }) => address)).toEqual([
      'aws_s3_bucket.audit',
      'aws_s3_bucket.audit-2',
    ]);
  });

  test('refuses properties and types of which the table has no name, all at once', () => {
    const queue = resource('aws:sqs/queue:Queue', 'one', {});
    const bucket = resource('aws:s3/bucket:Bucket', 'two', { versionings: true });
    expect(() => planOf(queue, bucket)).toThrow(
      'must have a name for every property, got none for aws:s3/bucket:Bucket versionings, aws:sqs/queue:Queue',
    );
  });
});

test('every type of AWS that the platform makes has its names', () => {
  const { types, source } = terraformNames();
  const known = knownCloudTypes().filter((token) => token.startsWith('aws:'));
  expect(Object.keys(types).toSorted()).toEqual(known.toSorted());
  expect(source).toMatch(/^terraform-provider-aws \d+\.\d+\.\d+, as \S+ \S+ has it$/);
});
