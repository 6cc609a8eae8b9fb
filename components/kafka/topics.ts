import { deadLetterTopic } from '@meridian/language/topic.ts';
import type { PlatformGraph } from '../model/graph.ts';
import { minInSyncReplicas } from './broker-configuration.ts';

/** A topic of the graph, or the dead-letter topic of one. */
export interface ManagedTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  readonly minInSyncReplicas: number;
  readonly retentionDays: number;
}

/** The topics of a graph; each that is consumed has a dead-letter topic of the same size. */
export function topicsOf(graph: PlatformGraph): readonly ManagedTopic[] {
  return graph.topics.flatMap(({ name, partitions, replication, retentionDays, consumers }) => {
    const copies = { replication, minInSyncReplicas: minInSyncReplicas(replication) };
    const topic = { name, partitions, ...copies, retentionDays };
    return consumers.length === 0 ? [topic] : [topic, { ...topic, name: deadLetterTopic(name) }];
  });
}
