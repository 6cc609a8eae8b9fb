import { ComponentResource } from '@pulumi/pulumi';
import type { ComponentResourceOptions } from '@pulumi/pulumi';
import type { Engine } from '../engine.ts';
import type { Ground } from '../ground.ts';

/** The Kafka of the platform, with the topics that services publish. */
export interface KafkaArgs extends Ground {
  readonly landing: KafkaLanding;
}

/** The same everywhere: the binding property that locates the cluster. */
export interface KafkaOutputs {
  /** host:port of each broker. */
  readonly bootstrapServers: readonly string[];
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
  readonly bootstrapServers: readonly string[];

  constructor(name: string, args: KafkaArgs, options?: ComponentResourceOptions) {
    super('meridian:kafka:Kafka', name, {}, options);
    this.bootstrapServers = args.landing(this, name, args).bootstrapServers;
    this.registerOutputs({ bootstrapServers: this.bootstrapServers });
  }

  /** Nobody waits: events stay in the outbox until it is up, and consumers wait for their topics. */
  isAwaitedBy(): boolean {
    return false;
  }
}
