import type { AwsSettings } from '../aws/aws-settings.ts';
import { alarmsArn } from '../aws/account-names.ts';
import { accessLogBucket, checkpointBucket } from '../aws/bucket-names.ts';
import { declareBucket } from '../aws/bucket.ts';
import type { AwsBucket } from '../aws/bucket.ts';
import type { CloudRight, EngineUse, KubernetesEngine } from '../kubernetes/engine.ts';
import { podIdentityRule } from '../kubernetes/pod-identity-rule.ts';
import { kubernetesExternals, landExternals } from './kubernetes.ts';
import { isByRole } from './kubernetes/places.ts';
import type { KubernetesExternals } from './kubernetes.ts';
import type { ExternalsLanding } from './external.ts';

/** Days in which nobody but who may bypass governance deletes or replaces a head of the audit log: longer than any audit waits. */
const LOCKED_DAYS = 400;

/** Days that a head which was replaced is kept for besides. */
const FORMER_DAYS = 400;

/** Systems outside the platform, and the bucket of heads of the audit log where that is the platform's own. */
export interface AwsExternals extends KubernetesExternals {
  /** By the name of the system that it is. Undefined where the stack names buckets of somebody else's. */
  readonly buckets: Readonly<Record<string, AwsBucket>>;
}

/** Buckets come before what leads to them. */
function land(lowered: AwsExternals): ExternalsLanding {
  return (parent, name, args) => {
    for (const [system, bucket] of Object.entries(lowered.buckets)) {
      declareBucket(`${name}-${system}`, bucket, undefined, { parent });
    }
    return landExternals(lowered)(parent, name, args);
  };
}

/**
 * What whoever writes heads may do: nothing takes one away, and Object Lock keeps what is replaced. It asks whether versions are
 * kept, and finds out by the list how far the log has come.
 */
function mayPublish(bucket: string): readonly CloudRight[] {
  const arn = `arn:aws:s3:::${bucket}`;
  return [
    { actions: ['s3:GetBucketVersioning', 's3:ListBucket'], resources: [arn] },
    { actions: ['s3:GetObject', 's3:PutObject'], resources: [`${arn}/*`] },
  ];
}

/** Systems outside the platform as a stack in an account of AWS has them. */
export function awsExternals(
  settings: AwsSettings,
): KubernetesEngine<AwsExternals, ExternalsLanding> {
  const { aws, environment, externals } = settings;
  const place = { account: aws.account, environment };
  const own = checkpointBucket(place);
  const bucket: AwsBucket = {
    name: own,
    formerDays: FORMER_DAYS,
    lockedDays: LOCKED_DAYS,
    accessLog: accessLogBucket(place),
    removals: { to: alarmsArn(place, aws.region), of: 'objects and versions' },
  };
  return {
    ...kubernetesExternals,
    lower: (context) => ({
      ...kubernetesExternals.lower(context),
      buckets: Object.fromEntries(
        context.graph.externals.flatMap(({ name }) => {
          const external = externals[name];
          return external?.standIn === false && external.parameters.bucket === own
            ? [[name, bucket] as const]
            : [];
        }),
      ),
    }),
    land,
    use: (context, workload) => [
      ...[kubernetesExternals.use(context, workload) ?? []].flat(),
      ...context.graph.externals
        .filter(({ users }) => users.includes(workload))
        .filter((external) => isByRole(context, external))
        .map((): EngineUse => ({
          engine: 'role',
          bindings: {},
          egress: podIdentityRule(),
          cloudRights: mayPublish(own),
        })),
    ],
  };
}
