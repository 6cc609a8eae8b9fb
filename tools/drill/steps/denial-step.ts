import '@meridian/kit/kafka/request-queue.ts';
import { withAdmin } from '@meridian/provider-local/kafka/admin-connection.ts';
import type { KafkaCluster } from '@meridian/provider-local/kafka/cluster.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import kafkajs from 'kafkajs';
import { PlatformView } from '../platform-view.ts';
import type { StepKind } from './step-kind.ts';
import type { DenialStep } from './step.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

/** How long brokers that have only just been asked to start may take. */
const PATIENCE_MS = 60_000;

/** A denial beside the rights that a principal has: it counts more, and its end leaves them as they were. */
export const denialStep: StepKind<'denial'> = {
  async apply(step, folders) {
    await withAdmin({ folders, cluster: await clusterOf(folders) }, (admin) =>
      admin.createAcls({ acl: [aclOf(step)] }),
    );
    return undefined;
  },
  async undo(step, folders) {
    const cluster = await clusterOf(folders);
    await withAdmin({ folders, cluster, patienceMs: PATIENCE_MS }, (admin) =>
      admin.deleteAcls({ filters: [aclOf(step)] }),
    );
  },
};

function aclOf({ principal, topic }: DenialStep) {
  return {
    resourceType: AclResourceTypes.TOPIC,
    resourceName: topic,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: `User:${principal}`,
    host: '*',
    operation: AclOperationTypes.WRITE,
    permissionType: AclPermissionTypes.DENY,
  };
}

async function clusterOf(folders: Folders): Promise<KafkaCluster> {
  const brokers = (await PlatformView.open(folders)).named(BROKER).flatMap(({ zone, process }) => {
    const listen = process.listens[0];
    return listen === undefined
      ? []
      : [{ zone, process: process.name, address: listen.address, port: listen.port }];
  });
  return { id: 'meridian', brokers };
}

/** Names of the processes of brokers. */
export const BROKER = /^kafka-[a-z]+$/;
