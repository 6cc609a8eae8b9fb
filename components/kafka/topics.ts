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

/** Somebody has to look at a dead letter, repair what it failed at, and replay it. */
const DEAD_LETTER_RETENTION_DAYS = 30;

/** The topics of a graph; each that is consumed has a dead-letter topic of the same size. */
export function topicsOf(graph: PlatformGraph): readonly ManagedTopic[] {
  return graph.topics.flatMap(({ name, partitions, replication, retentionDays, consumers }) => {
    const copies = { replication, minInSyncReplicas: minInSyncReplicas(replication) };
    const topic = { name, partitions, ...copies, retentionDays };
    if (consumers.length === 0) return [topic];
    const days = Math.max(retentionDays, DEAD_LETTER_RETENTION_DAYS);
    return [topic, { ...topic, name: deadLetterTopic(name), retentionDays: days }];
  });
}
