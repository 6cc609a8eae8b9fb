import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { accountNames, boundaryArn } from '@meridian/components/aws/account-names.ts';
import type { PolicyDocument, PolicyStatement } from '@meridian/components/aws/policy-document.ts';
import { isAllowed } from '@meridian/components/testing/evaluate-policy.ts';
import { boundaryPolicy, deployPolicy } from './deploy-policies.ts';
import type { BootstrapSettings } from './settings.ts';
import { DEPLOY_NEEDS } from './testing/deploy-needs.ts';
import type { ResourceNeeds } from './testing/deploy-needs.ts';

const root = path.dirname(import.meta.dirname);

const settings: BootstrapSettings = {
  ...{ environment: 'prod', region: 'us-east-1', account: '111122223333' },
  ...{ repository: 'example/meridian', alarmEmail: 'platform@meridian.example' },
  ...{ budgetUsdMonth: 2_500, people: [], images: [] },
};
const cluster = 'meridian-prod/00000000-0000-4000-8000-000000000000-1';

/** What of a request is known by its conditions: it is in the region, and gives roles of the platform to services. */
const REQUEST: Readonly<Record<string, readonly string[]>> = {
  'aws:RequestedRegion': [settings.region],
  'iam:PermissionsBoundary': [boundaryArn(settings)],
  'iam:PassedToService': [
    'backup.amazonaws.com',
    'ec2.amazonaws.com',
    'eks.amazonaws.com',
    'monitoring.rds.amazonaws.com',
    'pods.eks.amazonaws.com',
    'vpc-flow-logs.amazonaws.com',
  ],
};

/** The types that are declared in components, by the text: nothing of AWS is declared otherwise. */
function declaredTypes(): readonly string[] {
  const files = globSync('components/**/*.ts', { cwd: root });
  const sources = files
    .filter((file) => !/\.test\.ts$|\/testing\//.test(file))
    .map((file) => readFileSync(path.join(root, file), 'utf8'));
  const tokens = sources.flatMap((text) => {
    const imported = /import \{([^}]*)\} from '@pulumi\/aws';/.exec(text)?.[1] ?? '';
    return imported.split(',').flatMap((specifier) => {
      const [module = '', alias = module] = specifier.trim().split(' as ');
      if (module === '') return [];
      return [...text.matchAll(new RegExp(String.raw`new ${alias}\.(\w+)\(`, 'g'))].map(
        ([, type = '']) => `aws:${module}/${type[0]?.toLowerCase() ?? ''}${type.slice(1)}:${type}`,
      );
    });
  });
  return [...new Set(tokens)].toSorted();
}

/** The same policy with the statements that hold for such a request, which then ask for nothing more. */
function forRequest({ Version, Statement }: PolicyDocument): PolicyDocument {
  const holds = ({ Condition }: PolicyStatement): boolean =>
    Object.entries(Condition ?? {}).every(
      ([operator, keys]) =>
        operator === 'StringEquals' &&
        Object.entries(keys).every(([key, values]) =>
          REQUEST[key]?.every((value) => [values].flat().includes(value)),
        ),
    );
  // What was held is asked no more.
  const asked = Statement.filter(holds).map((statement) => {
    const { Condition, ...rest } = statement;
    return Condition === undefined ? statement : rest;
  });
  return { Version, Statement: asked };
}

function resourceOf(action: string): string {
  const [service = '', name = ''] = action.split(':');
  const of = `arn:aws:${service}:${settings.region}:${settings.account}`;
  if (service === 'iam') {
    const role = name === 'CreateServiceLinkedRole' ? 'aws-service-role/of-a-service' : 'cluster-0';
    return `arn:aws:iam::${settings.account}:role/${role}`;
  }
  if (service !== 'kafka-cluster') return `${of}:of-the-platform`;
  const kafka = of.replace('kafka-cluster', 'kafka');
  return name === 'Connect' ? `${kafka}:cluster/${cluster}` : `${kafka}:topic/${cluster}/orders`;
}

const lacking = (policy: PolicyDocument, needs: ResourceNeeds): readonly string[] => {
  const actions: readonly string[] = [needs.create, needs.read, needs.update, needs.delete].flat();
  return actions.filter((action) => !isAllowed(policy, { action, resource: resourceOf(action) }));
};

describe('the deploy role', () => {
  const policy = forRequest(deployPolicy(settings));

  test('has a reviewed row for every type of AWS that a component declares, and none for others', () => {
    expect(declaredTypes().length).toBeGreaterThan(40);
    expect(Object.keys(DEPLOY_NEEDS).toSorted()).toEqual(declaredTypes());
  });

  test.each(Object.entries(DEPLOY_NEEDS))(
    'may make, read, change and remove %s',
    (_type, needs) => {
      expect(lacking(policy, needs)).toEqual([]);
    },
  );

  test('has in Kafka what topics need, of the topics of its cluster alone, and reads and writes none', () => {
    const elsewhere = 'arn:aws:kafka:us-east-1:111122223333:topic/other/1/orders';
    const orders = resourceOf('kafka-cluster:CreateTopic');
    expect(isAllowed(policy, { action: 'kafka-cluster:CreateTopic', resource: elsewhere })).toBe(
      false,
    );
    for (const action of ['kafka-cluster:ReadData', 'kafka-cluster:WriteData']) {
      expect(isAllowed(policy, { action, resource: orders })).toBe(false);
    }
  });

  test('may do nothing in another region, nor make a role without the boundary', () => {
    const { Version, Statement } = deployPolicy(settings);
    const free = {
      Version,
      Statement: Statement.filter(({ Condition }) => Condition === undefined),
    };
    expect(isAllowed(free, { action: 'ec2:CreateVpc', resource: '*' })).toBe(false);
    expect(
      isAllowed(free, { action: 'iam:CreateRole', resource: resourceOf('iam:CreateRole') }),
    ).toBe(false);
  });

  test('makes vaults, and takes nothing out of one', () => {
    const may = (action: string) => isAllowed(policy, { action, resource: '*' });
    expect(may('backup:DeleteRecoveryPoint')).toBe(false);
    expect(may('backup:UpdateRecoveryPointLifecycle')).toBe(false);
  });

  test('sends images, and takes none away nor lets a tag be moved', () => {
    const resource = 'arn:aws:ecr:us-east-1:111122223333:repository/meridian-prod/catalog';
    const may = (action: string) => isAllowed(policy, { action: `ecr:${action}`, resource });
    // Source: Amazon ECR User Guide, "IAM permissions for pushing an image"
    const sending = ['BatchCheckLayerAvailability', 'InitiateLayerUpload', 'UploadLayerPart'];
    expect([...sending, 'CompleteLayerUpload', 'PutImage', 'BatchGetImage'].filter(may)).toEqual([
      ...sending,
      ...['CompleteLayerUpload', 'PutImage', 'BatchGetImage'],
    ]);
    const losing = ['BatchDeleteImage', 'DeleteRepository', 'PutImageTagMutability'];
    expect([...losing, 'PutLifecyclePolicy', 'SetRepositoryPolicy'].filter(may)).toEqual([]);
  });

  test('reads its secrets, and changes no role of its own', () => {
    expect(
      isAllowed(policy, {
        action: 'secretsmanager:GetSecretValue',
        resource: resourceOf('secretsmanager:GetSecretValue'),
      }),
    ).toBe(true);
    const own = `arn:aws:iam::${settings.account}:role/${accountNames('prod').deploy}`;
    expect(isAllowed(policy, { action: 'iam:PutRolePolicy', resource: own })).toBe(false);
  });
});

test('a role of the platform has no action of IAM within its boundary', () => {
  const actions = boundaryPolicy(settings)
    .Statement.filter(({ Effect, Condition }) => Effect === 'Allow' && Condition === undefined)
    .flatMap(({ Action }) => [Action ?? []].flat());
  expect(actions.filter((action) => action.startsWith('iam:'))).toEqual([]);
});
