import { ComponentResource } from '@pulumi/pulumi';
import type { ComponentResourceOptions, Input } from '@pulumi/pulumi';
import type { Engine } from '../engine.ts';
import type { PlatformGraph } from '../model/graph.ts';
import type { Ground } from '../ground.ts';

/** The Kafka of the platform, with the topics that services publish. */
export interface KafkaArgs extends Ground {
  readonly landing: KafkaLanding;
}

/** The same everywhere: the binding property that locates the cluster. */
export interface KafkaOutputs {
  /** host:port of each broker. */
  readonly bootstrapServers: Input<readonly string[]>;
  /** Whether nobody knows where the brokers are before there are any, so that no pod can start. @default false */
  readonly isAwaited?: boolean;
}

/** Makes the cluster and its topics real. */
export type KafkaLanding = (
  parent: ComponentResource,
  name: string,
  args: KafkaArgs,
) => KafkaOutputs;

/**
 * Brokers, topics and who may use them; what depends on the component starts when its topics are
 * there and the brokers let it in.
 */
export class Kafka extends ComponentResource implements KafkaOutputs, Engine {
  readonly bootstrapServers: Input<readonly string[]>;
  readonly isAwaited: boolean;

  constructor(name: string, args: KafkaArgs, options?: ComponentResourceOptions) {
    super('meridian:kafka:Kafka', name, {}, options);
    const { bootstrapServers, isAwaited = false } = args.landing(this, name, args);
    this.bootstrapServers = bootstrapServers;
    this.isAwaited = isAwaited;
    this.registerOutputs({ bootstrapServers: this.bootstrapServers });
  }

  /**
   * Nobody waits where it can be helped: events stay in the outbox until it is up, and consumers wait for their topics.
   */
  isAwaitedBy({ topics }: PlatformGraph, workload: string): boolean {
    return (
      this.isAwaited &&
      topics.some(({ publishers, consumers }) => [...publishers, ...consumers].includes(workload))
    );
  }
}
