import { CodedError } from '@meridian/language/coded-error.ts';
import { statusMessage } from './cluster-api.ts';
import type { ClusterApi } from './cluster-api.ts';

/** What tells one object of a cluster from every other. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for kinds that belong to the whole cluster. */
  readonly namespace?: string;
  readonly name: string;
}

/** A kind as the API serves it. Source: Kubernetes, meta/v1, APIResource */
interface ServedKind {
  /** In lower case and the plural; those of subresources have a slash. */
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Which kinds a cluster serves, and under which paths; each version of a group is asked for once. */
export class ApiKinds {
  readonly #api: Pick<ClusterApi, 'ask'>;
  readonly #served = new Map<string, Promise<readonly ServedKind[]>>();

  constructor(api: Pick<ClusterApi, 'ask'>) {
    this.#api = api;
  }

  /** The path of an object; undefined where the cluster does not serve its kind. Throws CodedError CLUSTER_NOT_REACHED. */
  async pathOf(object: ObjectReference): Promise<string | undefined> {
    const collection = await this.collectionOf(object);
    return collection && `${collection}/${encodeURIComponent(object.name)}`;
  }

  /**
   * The path of all objects of a kind, of one namespace or of the cluster; undefined where it does not serve the kind.
   * Throws CodedError CLUSTER_NOT_REACHED.
   */
  async collectionOf({
    apiVersion,
    kind,
    namespace,
  }: Omit<ObjectReference, 'name'>): Promise<string | undefined> {
    const served = await this.#kindOf({ apiVersion, kind });
    if (served === undefined) return undefined;
    const place =
      served.namespaced && namespace !== undefined
        ? `/namespaces/${encodeURIComponent(namespace)}`
        : '';
    return `${rootOf(apiVersion)}${place}/${served.name}`;
  }

  /** Whether objects of a kind lie in namespaces; not if the cluster does not serve it. Throws CodedError CLUSTER_NOT_REACHED. */
  async isNamespaced(object: Pick<ObjectReference, 'apiVersion' | 'kind'>): Promise<boolean> {
    return (await this.#kindOf(object))?.namespaced ?? false;
  }

  async #kindOf({
    apiVersion,
    kind,
  }: Pick<ObjectReference, 'apiVersion' | 'kind'>): Promise<ServedKind | undefined> {
    return (await this.#kindsOf(apiVersion)).find(
      (candidate) => candidate.kind === kind && !candidate.name.includes('/'),
    );
  }

  async #kindsOf(apiVersion: string): Promise<readonly ServedKind[]> {
    const known = this.#served.get(apiVersion) ?? this.#ask(apiVersion);
    this.#served.set(apiVersion, known);
    return await known;
  }

  async #ask(apiVersion: string): Promise<readonly ServedKind[]> {
    const { status, body } = await this.#api.ask({ path: rootOf(apiVersion) });
    if (status === 404) return [];
    if (status === 200) return (body as { readonly resources: readonly ServedKind[] }).resources;
    throw new CodedError(
      'CLUSTER_NOT_REACHED',
      `API server of the cluster: must say what it serves of '${apiVersion}', got ${status} ${statusMessage(body)}; see 'kubectl get apiservices'`,
    );
  }
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
