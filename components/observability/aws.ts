import { all } from '@pulumi/pulumi';
import type { Resource } from '@pulumi/pulumi';
import type { AwsSettings } from '../aws/aws-settings.ts';
import { alarmsArn } from '../aws/account-names.ts';
import { accessLogBucket } from '../aws/bucket-names.ts';
import { declareBucket, mayUseBucket } from '../aws/bucket.ts';
import type { AwsBucket } from '../aws/bucket.ts';
import { declareKey, keyOf } from '../aws/key.ts';
import type { AwsKey } from '../aws/key.ts';
import { admittedWithRole } from '../aws/admitted-with-role.ts';
import { declarePodRole, podRole } from '../aws/pod-role.ts';
import type { PodRole } from '../aws/pod-role.ts';
import type { PolicyDocument } from '../aws/policy-document.ts';
import type { EngineForPods } from '../kubernetes/engine.ts';
import type { KubernetesContext, KubernetesLowering } from '../kubernetes/lowering.ts';
import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import type { NounLanding } from '../noun-landing.ts';
import { cloudWatchSettings } from './aws/cloud-watch-settings.ts';
import { originPullExpiries } from './aws/origin-pull-expiries.ts';
import {
  EXPORTER,
  EXPORTER_IMAGE,
  exporterPolicy,
  exporterRole,
  exporterScrape,
  exporterSteps,
} from './aws/cloudwatch-exporter.ts';
import { objectStore } from './kubernetes/object-store.ts';
import { lowerObservability } from './kubernetes/lower-observability.ts';
import type { ObservabilityLanding } from './observability.ts';

/** Those who keep what they have in the bucket, by their ServiceAccounts. */
const KEEPERS = ['loki', 'tempo'] as const;

/** Loki and Tempo delete what is old themselves; what they have deleted can be brought back for so many days. */
const FORMER_DAYS = 7;

/** Telemetry in a cluster whose lines and traces are in a bucket of AWS, and which is told what AWS says of its engines. */
export interface AwsObservability extends KubernetesPart {
  /** Undefined where the stack names a store of somebody else's. */
  readonly store?: {
    readonly bucket: AwsBucket;
    readonly key: AwsKey;
    readonly keepers: readonly PodRole[];
  };
  /** Of who asks CloudWatch. */
  readonly exporter: { readonly role: PodRole; readonly policy: PolicyDocument };
}

/** What of it is in the account of AWS; everything else is in the cluster. */
export function observabilityInAws(
  context: KubernetesLowering,
  settings: AwsSettings,
): Omit<AwsObservability, 'steps'> {
  const exporter = { role: exporterRole(settings), policy: exporterPolicy() };
  const { bucket, secret } = objectStore(context);
  const { aws, environment } = settings;
  const place = { account: aws.account, environment };
  // Whose keys are in a Secret is not ours.
  if (secret !== undefined) return { exporter };
  return {
    exporter,
    store: {
      bucket: {
        name: bucket,
        formerDays: FORMER_DAYS,
        accessLog: accessLogBucket(place),
        // No keeper may take away a version: who does is hiding what was logged, or emptying the bucket to remove it.
        removals: { to: alarmsArn(place, aws.region), of: 'versions' },
      },
      key: keyOf(aws.account, 'Lines and traces of the platform'),
      keepers: KEEPERS.map((keeper) =>
        podRole(settings, settings.namespaces.observability, keeper),
      ),
    },
  };
}

function lower(context: KubernetesLowering, settings: AwsSettings): AwsObservability {
  const inAws = observabilityInAws(context, settings);
  const { exporter, store } = inAws;
  const roles = [exporter.role, ...(store?.keepers ?? [])];
  return {
    steps: [
      { manifests: admittedWithRole(`${context.graph.name}-observability`, roles) },
      ...lowerObservability(context).steps,
      ...exporterSteps(context, settings),
    ],
    ...inAws,
  };
}

/** Bucket and roles come first: who is made before its role is known to EKS is refused, and made again. */
function land(lowered: AwsObservability): ObservabilityLanding {
  return (parent, name, { cluster, zones }) => {
    const { store, exporter } = lowered;
    const made: Resource[] = [
      declarePodRole(
        `${name}-${EXPORTER}`,
        exporter.role,
        cluster.ofCloud,
        { parent },
        JSON.stringify(exporter.policy),
      ),
    ];
    if (store !== undefined) {
      // It outlives the stack, as the bucket does: without it nobody could read what is there.
      const key = declareKey(name, store.key, { parent, retainOnDelete: true });
      const bucket = declareBucket(name, store.bucket, key.arn, { parent });
      const policy = all([bucket.arn, key.arn]).apply(([ofBucket, ofKey]) =>
        JSON.stringify(mayUseBucket(ofBucket, ofKey)),
      );
      made.push(
        ...store.keepers.map((keeper) =>
          declarePodRole(
            `${name}-${keeper.serviceAccount}`,
            keeper,
            cluster.ofCloud,
            { parent },
            policy,
          ),
        ),
      );
    }
    declarePart(lowered, { parent, dependsOn: [...zones.foundation, ...made] });
    return { consoleUrl: null };
  };
}

/** Telemetry of a stack in an account of AWS. */
export function awsObservability(settings: AwsSettings): NounLanding<
  KubernetesLowering,
  AwsObservability,
  unknown,
  ObservabilityLanding
> & {
  readonly watches: EngineForPods;
} {
  return {
    lower: (context) => lower(context, settings),
    land,
    watches: {
      images: [EXPORTER_IMAGE],
      watchedCloud: (context: KubernetesContext) => ({
        scrape: exporterScrape(context),
        alerts: cloudWatchSettings(context, settings),
        expiries: originPullExpiries(settings),
      }),
      use: () => undefined,
    },
  };
}
