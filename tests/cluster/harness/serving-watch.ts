import type { Watch } from './kubernetes-client.ts';
import type { TestCluster } from './test-cluster.ts';
import { isServing, PODS, serviceOf, type Pod } from './workloads.ts';

interface PodList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly Pod[];
}

/** Counts the serving pods of each service after every change, and keeps the least count. */
export class ServingWatch implements Disposable {
  readonly #pods: Map<string, Pod>;
  readonly #least = new Map<string, number>();
  readonly #watch: Watch;

  private constructor(cluster: TestCluster, { metadata, items }: PodList) {
    this.#pods = new Map(items.map((pod) => [pod.metadata.name, pod]));
    for (const service of new Set(items.map(serviceOf))) this.#count(service);
    this.#watch = cluster.api.watch<Pod>(PODS, metadata.resourceVersion, ({ type, object }) => {
      if (type === 'ERROR') throw new Error(JSON.stringify(object));
      if (type === 'DELETED') this.#pods.delete(object.metadata.name);
      else this.#pods.set(object.metadata.name, object);
      this.#count(serviceOf(object));
    });
  }

  /** Begins with the pods that are there. */
  static async start(cluster: TestCluster): Promise<ServingWatch> {
    return new ServingWatch(cluster, await cluster.api.get<PodList>(PODS));
  }

  /** The least pods of each service that ever served. Throws when changes may have been missed. */
  async least(): Promise<ReadonlyMap<string, number>> {
    await Promise.race([this.#watch.failed, Promise.resolve()]);
    return this.#least;
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
  }

  #count(service: string): void {
    const serving = [...this.#pods.values()].filter(
      (pod) => serviceOf(pod) === service && isServing(pod),
    ).length;
    this.#least.set(service, Math.min(serving, this.#least.get(service) ?? serving));
  }
}
