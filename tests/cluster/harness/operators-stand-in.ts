import { eventually } from '../../end-to-end/platform-under-test.ts';
import { ApiError, type ApiObject, type WatchEvent } from './kubernetes-client.ts';
import { PLAYED_KINDS, type PlayedKind, type Reconciled } from './played-kinds.ts';
import type { TestCluster } from './test-cluster.ts';

interface ObjectList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly Reconciled[];
}

/**
 * Stands in for the operators of Strimzi, CloudNativePG, ECK, Envoy Gateway, KEDA and trust-manager: their pods, or what
 * runs in pods that they make, cannot run on nodes that KWOK plays. It does to objects what these do and others see:
 * conditions, finalizers, and what they make and name as owned. Nothing is behind it.
 */
export class OperatorsStandIn implements AsyncDisposable {
  readonly #cluster: TestCluster;
  readonly #watches: Disposable[] = [];
  readonly #failures: unknown[] = [];
  readonly #heldBack = new Set<string>();
  #work: Promise<void> = Promise.resolve();
  #isStopped = false;

  private constructor(cluster: TestCluster) {
    this.#cluster = cluster;
  }

  /** Begins with what is there. */
  static async start(cluster: TestCluster): Promise<OperatorsStandIn> {
    const operators = new OperatorsStandIn(cluster);
    for (const played of PLAYED_KINDS) await operators.#watch(played);
    return operators;
  }

  /** Throws what went wrong while it worked. */
  check(): void {
    if (this.#failures.length > 0) throw new AggregateError(this.#failures, 'an operator failed');
  }

  /** Does nothing with objects of a kind, so that whoever made one waits, until it goes on. */
  holdBack(kind: string): void {
    this.#heldBack.add(kind);
  }

  /** Does what was held back. */
  goOn(): void {
    const kinds = PLAYED_KINDS.filter(({ kind }) => this.#heldBack.delete(kind));
    this.#enqueueAll(kinds);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    for (const watch of this.#watches) watch[Symbol.dispose]();
    await this.#work;
  }

  async #watch(played: PlayedKind): Promise<void> {
    const path = listOf(played);
    const { metadata, items } = await this.#whenServed(path);
    for (const item of items) this.#enqueue(played, item);
    const tell = ({ type, object }: WatchEvent<Reconciled>): void => {
      if (type === 'ADDED' || type === 'MODIFIED') this.#enqueue(played, object);
      // What it was used by or cleaned up in may be what others wait for.
      if (type === 'DELETED') this.#enqueueAll(PLAYED_KINDS.filter(waitsFor(played)));
    };
    const watch = this.#cluster.api.watch<Reconciled>(path, metadata.resourceVersion, tell);
    this.#watches.push(watch);
    watch.failed.catch((error: unknown) => {
      if (!this.#isStopped) this.#failures.push(error);
    });
  }

  /** The list of a kind, which the API server does not serve in the moment after its definition came. */
  async #whenServed(path: string): Promise<ObjectList> {
    const ask = async (): Promise<ObjectList | undefined> => {
      try {
        return await this.#cluster.api.get<ObjectList>(path);
      } catch (error) {
        if (error instanceof ApiError && error.status === 429) return undefined;
        throw error;
      }
    };
    const list = await eventually(ask, (served) => served !== undefined);
    if (list === undefined) throw new Error(`'${path}' is not served`);
    return list;
  }

  /** One after the other, in the order in which the API server tells of them. */
  #enqueue(played: PlayedKind, object: Reconciled): void {
    this.#work = this.#work.then(async () => {
      try {
        const isAtWork = !this.#isStopped && !this.#heldBack.has(played.kind);
        if (isAtWork) await this.#reconcile(played, object);
      } catch (error) {
        if (!isOutdated(error) && !this.#isStopped) this.#failures.push(error);
      }
    });
  }

  #enqueueAll(kinds: readonly PlayedKind[]): void {
    this.#work = this.#work.then(async () => {
      if (this.#isStopped) return;
      for (const played of kinds) {
        const objects = await this.#cluster.api.list<Reconciled>(listOf(played));
        for (const object of objects) this.#enqueue(played, object);
      }
    });
  }

  async #reconcile(played: PlayedKind, object: Reconciled): Promise<void> {
    if (object.metadata.deletionTimestamp === undefined) await this.#serve(played, object);
    else await this.#finish(played, object);
  }

  async #serve(played: PlayedKind, object: Reconciled): Promise<void> {
    const path = objectPath(played, object);
    const { finalizers = [], resourceVersion, generation } = object.metadata;
    if (played.finalizer !== undefined && !finalizers.includes(played.finalizer)) {
      const metadata = { resourceVersion, finalizers: [...finalizers, played.finalizer] };
      // The change comes back as an event.
      await this.#cluster.api.merge(path, { metadata });
      return;
    }
    if (object.status?.observedGeneration === generation) return;
    for (const { list, body } of played.owned?.(object) ?? []) {
      await this.#make(list, {
        ...body,
        metadata: { ...body.metadata, ...ownedBy(played, object) },
      });
    }
    const status = { ...played.status(object), observedGeneration: generation };
    await this.#cluster.api.merge(`${path}/status`, { status });
  }

  async #finish(played: PlayedKind, object: Reconciled): Promise<void> {
    const { finalizers = [], resourceVersion } = object.metadata;
    const { finalizer, cleanedUpIn, usedBy } = played;
    if (finalizer === undefined || !finalizers.includes(finalizer)) return;
    if (cleanedUpIn !== undefined && !(await this.#isThere(cleanedUpIn))) return;
    if (usedBy !== undefined && (await this.#isThere(usedBy))) return;
    const others = finalizers.filter((other) => other !== finalizer);
    const metadata = { resourceVersion, finalizers: others };
    await this.#cluster.api.merge(objectPath(played, object), { metadata });
  }

  async #isThere(kind: string): Promise<boolean> {
    const played = PLAYED_KINDS.find((candidate) => candidate.kind === kind);
    if (played === undefined) throw new Error(`Nobody plays the kind '${kind}'`);
    return (await this.#cluster.api.list(listOf(played))).length > 0;
  }

  async #make(list: string, body: ApiObject): Promise<void> {
    try {
      await this.#cluster.api.create(list, body);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
    }
  }
}

function waitsFor({ kind }: PlayedKind) {
  return ({ cleanedUpIn, usedBy }: PlayedKind): boolean => cleanedUpIn === kind || usedBy === kind;
}

/** Somebody changed it or took it away in the meantime; an event tells of that. */
function isOutdated(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 409);
}

function listOf({ apiVersion, plural }: PlayedKind): string {
  return `/apis/${apiVersion}/${plural}`;
}

function objectPath({ apiVersion, plural }: PlayedKind, { metadata }: Reconciled): string {
  const { namespace, name } = metadata;
  const place = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `/apis/${apiVersion}${place}/${plural}/${name}`;
}

/** As operators name the owner: it goes last where whoever deletes it waits for all that it owns. */
function ownedBy(
  { apiVersion, kind }: PlayedKind,
  { metadata: { name, uid } }: Reconciled,
): { readonly ownerReferences: readonly object[] } {
  const owner = { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
  return { ownerReferences: [owner] };
}
