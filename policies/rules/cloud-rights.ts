import { fieldsOf, fieldsOfText, listOf, objectsIn, textOf } from '../fields.ts';
import { namesSubject, namesWhoAsks } from './cloud-conditions.ts';
import type { ClusterObject, Fields, ObjectRule } from '../rule.ts';

/** Where policies of rights are, by type; a key's and a bucket's own say who may come, not what one may reach. */
const RIGHTS: Readonly<Record<string, string>> = {
  'aws:iam/policy:Policy': 'policy',
  'aws:iam/rolePolicy:RolePolicy': 'policy',
};
const TRUST: Readonly<Record<string, string>> = {
  'aws:ecr/repositoryPolicy:RepositoryPolicy': 'policy',
  'aws:iam/role:Role': 'assumeRolePolicy',
  'aws:kms/key:Key': 'policy',
  'aws:s3/bucketPolicy:BucketPolicy': 'policy',
  'aws:secretsmanager/secretPolicy:SecretPolicy': 'policy',
  'aws:sns/topicPolicy:TopicPolicy': 'policy',
};

/**
 * Actions that AWS takes for all resources alone. Source: Service Authorization Reference, the tables of each service, column
 * "Resource types"
 */
const WITHOUT_RESOURCE =
  /^(?:ec2:Describe\w*|ecr:GetAuthorizationToken|elasticloadbalancing:Describe\w*|logs:Describe\w*|cloudwatch:(?:PutMetricData|GetMetricData|ListMetrics|DescribeAlarms)|sts:GetCallerIdentity|rds:Describe\w*|kafka:List\w*|acm:ListCertificates|cognito-idp:ListUserPools|tag:GetResources|iam:CreateServiceLinkedRole|s3:ListAllMyBuckets|wafv2:ListWebACLs|shield:GetSubscriptionState)$/;

/** Policies of AWS that give everything, or nearly. */
const TOO_MUCH = /policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess|\w*FullAccess)$/;

export const cloudRightsAreNamed: ObjectRule = {
  id: 'cloud-rights-are-named',
  statement: 'Policies of a cloud name what may be done, and with what',
  reason: 'who takes over such a role has the account, or all of a service',
  fix: "actions and ARNs in the noun's folder aws/",
  problemsOf: (object) => {
    const attached = textOf(object.fields['policyArn']);
    if (object.kind === 'aws:iam/rolePolicyAttachment:RolePolicyAttachment') {
      return TOO_MUCH.test(attached) ? [`gives ${attached}`] : [];
    }
    return statementsOf(object, RIGHTS)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap((statement) => {
        const actions = texts(statement['Action']);
        const wild = actions.filter((action) => action === '*' || action.endsWith(':*'));
        const unbound = actions.filter((action) => !WITHOUT_RESOURCE.test(action));
        return [
          ...(statement['NotAction'] === undefined ? [] : ['gives all but some actions']),
          ...wild.map((action) => `gives the action '${action}'`),
          ...(texts(statement['Resource']).includes('*') && unbound.length > 0
            ? [`gives ${unbound.join(', ')} on every resource`]
            : []),
        ];
      });
  },
};

export const cloudTrustIsNamed: ObjectRule = {
  id: 'cloud-trust-is-named',
  statement: 'Roles, keys and buckets of a cloud name who may use them',
  reason: 'any account of the cloud can',
  fix: "Principal, or a Condition on who asks, in the noun's folder aws/",
  problemsOf: (object) =>
    statementsOf(object, TRUST)
      .filter(({ Effect, Condition }) => Effect === 'Allow' && !namesWhoAsks(Condition))
      .filter(
        ({ Principal, NotPrincipal }) =>
          NotPrincipal !== undefined ||
          Principal === '*' ||
          texts(fieldsOf(Principal)['AWS']).includes('*'),
      )
      .map(() => 'lets everybody use it'),
};

/**
 * Whose tokens many come with who have nothing to do with each other: a provider by OpenID Connect. One by SAML is the organisation's own.
 * Source: AWS IAM User Guide, "Create a role for OpenID Connect federation (console)"; GitHub, "Configuring OpenID Connect in Amazon Web Services"
 */
const GIVES_TOKENS =
  /:oidc-provider\/|^(?:accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com)$/;

export const cloudTokensNameWhose: ObjectRule = {
  id: 'cloud-tokens-name-whose',
  statement: 'Roles of a cloud that believe tokens of others name whose they believe',
  reason: 'everybody whom their provider knows gets the role, as anybody at GitHub',
  fix: "a Condition on the provider's ':sub', as in bootstrap/deploy-policies.ts",
  problemsOf: (object) =>
    statementsOf(object, TRUST)
      .filter(({ Effect, Condition }) => Effect === 'Allow' && !namesSubject(Condition))
      .flatMap(({ Principal }) => texts(fieldsOf(Principal)['Federated']))
      .filter((provider) => GIVES_TOKENS.test(provider))
      .map((provider) => `believes every token of ${provider.replace(/^.*:oidc-provider\//, '')}`),
};

/** The statements of a policy, which is an object or the text of one. */
function statementsOf(
  { kind, fields }: ClusterObject,
  places: Readonly<Record<string, string>>,
): readonly Fields[] {
  const given = fields[places[kind] ?? ''];
  if (typeof given !== 'string') return statementsIn(given);
  // A preview has something else in place of a text that is not known yet.
  if (!given.startsWith('{')) return [];
  const policy = fieldsOfText(given);
  return policy === undefined ? [EVERYTHING] : statementsIn(policy);
}

/** For what nobody can read. */
const EVERYTHING: Fields = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };

function statementsIn(policy: unknown): readonly Fields[] {
  const { Statement } = fieldsOf(policy);
  return Array.isArray(Statement) ? objectsIn(Statement) : [fieldsOf(Statement)];
}

function texts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? listOf(value) : [value]).map(textOf).filter(Boolean);
}
