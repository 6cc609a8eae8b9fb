import { awsCluster } from '../cluster/aws.ts';
import { KUBERNETES_NOUNS } from '../kubernetes/kubernetes-nouns.ts';
import type { NounsForPods } from '../kubernetes/kubernetes-nouns.ts';
import { awsEdge } from '../edge/aws.ts';
import { awsExternals } from '../external/aws.ts';
import { awsNetwork } from '../network/aws.ts';
import { awsPostgres } from '../postgres/aws.ts';
import { awsRedis } from '../redis/aws.ts';
import { awsKafka } from '../kafka/aws.ts';
import { awsObservability } from '../observability/aws.ts';
import type { AwsSettings } from './aws-settings.ts';

/** Every noun in an account of AWS: services and tasks are pods, and most of what they use AWS manages. */
export function awsNouns(settings: AwsSettings) {
  const { certificates, zones, services, tasks, search } = KUBERNETES_NOUNS;
  return {
    network: awsNetwork(settings),
    cluster: awsCluster(settings),
    ...{ certificates, zones },
    postgres: awsPostgres(settings),
    redis: awsRedis(settings),
    kafka: awsKafka(settings),
    search,
    externals: awsExternals(settings),
    ...{ services, tasks },
    edge: awsEdge(settings),
    observability: awsObservability(settings),
  } satisfies NounsForPods;
}
