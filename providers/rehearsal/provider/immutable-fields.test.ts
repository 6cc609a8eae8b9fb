import { describe, expect, test } from '@jest/globals';
import { replacementOf } from './immutable-fields.ts';
import type { PropertyPath } from './property-path.ts';

describe('a change of a property', () => {
  // Source: pulumi-kubernetes 4.32.0, provider/pkg/provider/diff.go and helm_release.go.
  test.each<readonly [type: string, path: PropertyPath, what: string]>([
    ['kubernetes:core/v1:ConfigMap', ['data', 'a'], 'replaced'],
    ['kubernetes:core/v1:ConfigMap', ['immutable'], 'kept'],
    ['kubernetes:core/v1:Secret', ['type'], 'replaced'],
    ['kubernetes:core/v1:Service', ['spec', 'clusterIP'], 'replaced'],
    ['kubernetes:core/v1:Service', ['spec', 'ports', 0, 'port'], 'kept'],
    ['kubernetes:core/v1:Pod', ['spec', 'containers', 1, 'image'], 'replaced'],
    ['kubernetes:core/v1:Pod', ['spec', 'activeDeadlineSeconds'], 'kept'],
    ['kubernetes:core/v1:PersistentVolume', ['spec', 'csi', 'driver'], 'replaced'],
    ['kubernetes:core/v1:PersistentVolumeClaim', ['spec', 'storageClassName'], 'replaced'],
    ['kubernetes:core/v1:PersistentVolumeClaim', ['spec', 'resources'], 'kept'],
    ['kubernetes:core/v1:ResourceQuota', ['spec', 'scopes', 0], 'replaced'],
    ['kubernetes:apps/v1:Deployment', ['spec', 'selector', 'matchLabels', 'a'], 'replaced'],
    ['kubernetes:apps/v1:StatefulSet', ['spec', 'serviceName'], 'replaced'],
    ['kubernetes:apps/v1:StatefulSet', ['spec', 'template', 'spec'], 'kept'],
    ['kubernetes:batch/v1:Job', ['spec', 'template', 'spec', 'containers', 0], 'replaced'],
    ['kubernetes:rbac.authorization.k8s.io/v1:RoleBinding', ['roleRef', 'name'], 'replaced'],
    ['kubernetes:rbac.authorization.k8s.io/v1:RoleBinding', ['subjects', 0], 'kept'],
    ['kubernetes:storage.k8s.io/v1:StorageClass', ['parameters', 'type'], 'replaced'],
    ['kubernetes:kafka.strimzi.io/v1:Kafka', ['spec', 'kafka', 'version'], 'kept'],
    ['kubernetes:kafka.strimzi.io/v1:Kafka', ['metadata', 'name'], 'replaced'],
    ['kubernetes:helm.sh/v3:Release', ['namespace'], 'replaced'],
    ['kubernetes:helm.sh/v3:Release', ['values', 'name'], 'kept'],
    ['kubernetes:helm.sh/v4:Chart', ['values'], 'unknown'],
    ['aws:ec2/vpc:Vpc', ['cidrBlock'], 'replaced'],
    ['aws:rds/cluster:Cluster', ['kmsKeyId'], 'replaced'],
    ['aws:rds/cluster:Cluster', ['restoreToPointInTime', 'restoreToTime'], 'replaced'],
    ['aws:rds/cluster:Cluster', ['backupRetentionPeriod'], 'kept'],
    ['aws:rds/cluster:Cluster', ['storageType'], 'unknown'],
    ['aws:rds/cluster:Cluster', ['snapshotIdentifier'], 'unknown'],
    ['aws:msk/cluster:Cluster', ['brokerNodeGroupInfo', 'clientSubnets', 0], 'replaced'],
    ['aws:msk/cluster:Cluster', ['brokerNodeGroupInfo', 'instanceType'], 'kept'],
    ['aws:msk/cluster:Cluster', ['kafkaVersion'], 'unknown'],
    ['aws:eks/cluster:Cluster', ['version'], 'kept'],
    ['aws:eks/cluster:Cluster', ['encryptionConfig'], 'unknown'],
    ['aws:eks/nodeGroup:NodeGroup', ['instanceTypes', 0], 'replaced'],
    ['cloudflare:index/ruleset:Ruleset', ['phase'], 'replaced'],
    ['random:index/randomPassword:RandomPassword', ['keepers', 'generation'], 'unknown'],
    ['random:index/randomPassword:RandomPassword', ['length'], 'replaced'],
    ['aws:sns/topic:Topic', ['region'], 'replaced'],
    ['aws:sqs/queue:Queue', ['name'], 'unknown'],
  ])('of %s at %j: %s', (type, path, what) => {
    expect(replacementOf(type, path)).toBe(what);
  });
});
