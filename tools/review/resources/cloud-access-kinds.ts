import { wordOf } from '@meridian/policies/fields.ts';
import { each, once, sides } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';
import { ANOTHER_KEY, guard, keeps, missed, release, whole } from './cloud-aspects.ts';

const trust = (field: RegExp): Aspect =>
  once(field, 'trust-changed', 'others may use it, or take its rights', 'who may use it');

const rights = (field: RegExp): Aspect =>
  each(field, 'rights-added', 'who has it may do other things, or more');

/** What names who may do something: another one has the right, and nobody where it is gone. */
const RIGHT: Aspect = whole({
  made: { kind: 'rights-added', consequence: 'one more may do it' },
  gone: { kind: 'rights-removed', consequence: 'what still needs it fails' },
});

/** What of EKS gives all of a cluster, or of its namespaces. Source: Amazon EKS User Guide, "Review access policy permissions" */
const ADMINISTERS = /AmazonEKS(?:Cluster)?AdminPolicy$|^system:masters$/;

function given(value: unknown): Pick<Told, 'kind' | 'consequence'> {
  return ADMINISTERS.test(wordOf(value))
    ? { kind: 'rights-for-all', consequence: 'who has it may do everything, and give it to others' }
    : { kind: 'rights-added', consequence: 'who has it may do other things, or more' };
}

/** Rights within a cluster, by the policy or the group that gives them. */
const IN_CLUSTER: Aspect = {
  field: /^(?:policyArn$|kubernetesGroups\b)/,
  isOfWholes: true,
  tell: ({ operation, before, after }, lines) => {
    const [was, is] = [before, after].map((one) => one?.['policyArn'] ?? one?.['principalArn']);
    if (operation === 'delete') {
      const consequence = 'what still needs them fails';
      return [{ kind: 'rights-removed', property: wordOf(was), consequence }];
    }
    if (operation === 'create') return [{ ...given(is), property: wordOf(is) }];
    return lines.map((line) => ({
      property: line.property,
      ...sides(line),
      ...(line.after === undefined
        ? { kind: 'rights-removed', consequence: 'what still needs it fails' }
        : given(line.after)),
    }));
  },
};

const DESTROYED = release(/^(?:forceDestroy|forceDelete)$/, {
  kind: 'data-unprotected',
  consequence: 'it is deleted with everything in it, where it would be refused',
});

/** What changes of identities, keys and what says who may use something mean. Sources: the API references of each service */
export const ACCESS_KINDS: Readonly<Record<string, readonly Aspect[]>> = {
  'acm:Certificate': [
    each(
      /^(?:domainName|subjectAlternativeNames|keyAlgorithm|certificateAuthorityArn|certificateBody|certificateChain|options)\b/,
      'trust-changed',
      'clients are shown another certificate',
    ),
  ],
  'ecr:Repository': [
    keeps(/^imageTagMutability$/, (value) => wordOf(value).startsWith('IMMUTABLE'), {
      kind: 'trust-changed',
      consequence: 'whoever pushes puts another program under a name that runs',
    }),
    each(/^imageTagMutabilityExclusionFilters\b/, 'trust-changed', 'other names may be taken over'),
    each(/^encryptionConfigurations\b/, 'trust-changed', ANOTHER_KEY),
    guard(/^imageScanningConfiguration\.scanOnPush$/, {
      kind: 'sight-lost',
      consequence: 'nobody is told of weaknesses in what is pushed',
    }),
    DESTROYED,
  ],
  'ecr:LifecyclePolicy': [
    once(/^policy\b/, 'retention-cut', 'other images are deleted, or sooner', 'policy'),
  ],
  'ecr:RepositoryPolicy': [trust(/^policy\b/), RIGHT],
  'eks:AccessEntry': [
    each(/^(?:principalArn|type|userName)$/, 'trust-changed', 'somebody else is let in by it'),
    IN_CLUSTER,
  ],
  'eks:AccessPolicyAssociation': [
    each(/^principalArn$/, 'trust-changed', 'somebody else has the rights'),
    each(/^accessScope\b/, 'rights-added', 'the rights are of other namespaces, or of all'),
    IN_CLUSTER,
  ],
  'eks:PodIdentityAssociation': [
    rights(/^(?:roleArn|targetRoleArn|policy|disableSessionTags)$/),
    each(
      /^(?:namespace|serviceAccount)$/,
      'trust-changed',
      'other pods have the rights of the role, and those of before have none',
    ),
    RIGHT,
  ],
  'elasticache:UserGroup': [rights(/^userIds\b/), RIGHT],
  'elasticache:UserGroupAssociation': [rights(/^(?:userGroupId|userId)$/), RIGHT],
  'iam:OpenIdConnectProvider': [
    trust(/^(?:clientIdLists|thumbprintLists|url)\b/),
    whole({
      made: { kind: 'trust-changed', consequence: 'one more says who takes roles of the account' },
      gone: { kind: 'rights-removed', consequence: 'whom it signs for gets in no more' },
    }),
  ],
  'kms:Alias': [
    each(/^targetKeyId$/, 'trust-changed', ANOTHER_KEY),
    missed('trust-changed', 'what names its key by it can encrypt and read nothing'),
  ],
  'cloudwatch:LogResourcePolicy': [trust(/^policyDocument\b/), RIGHT],
  'msk:ClusterPolicy': [trust(/^policy\b/), RIGHT],
  'secretsmanager:SecretPolicy': [
    trust(/^policy\b/),
    guard(/^blockPublicPolicy$/, {
      kind: 'newly-reachable',
      consequence: 'a policy may give the secret to everybody',
    }),
    missed('trust-changed', 'what it refused is allowed'),
  ],
  'sns:TopicPolicy': [
    trust(/^policy\b/),
    whole({ gone: { kind: 'rights-removed', consequence: 'who told by it is refused' } }),
  ],
  'backup:Vault': [DESTROYED, each(/^kmsKeyArn$/, 'trust-changed', ANOTHER_KEY)],
  'ebs:EncryptionByDefault': [
    guard(/^enabled$/, {
      kind: 'trust-changed',
      consequence: 'whoever gets a new volume reads it',
    }),
    missed('trust-changed', 'whoever gets a new volume reads it'),
  ],
};
