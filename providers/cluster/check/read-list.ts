import { statusMessage } from '../api/cluster-api.ts';
import type { ClusterApi } from '../api/cluster-api.ts';

/** What an object of any kind is called. */
export interface Named {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string;
  };
}

/** What a check asks of the API server. */
export type Asked = Pick<ClusterApi, 'ask'>;

/** Thrown for a list that the API server does not give; its message is a problem of the cluster's. */
export class ListRefused extends Error {
  override readonly name = 'ListRefused';
}

/** Objects of a kind. Throws ListRefused, CodedError CLUSTER_NOT_REACHED. */
export async function readList<T extends Named>(
  api: Asked,
  what: string,
  path: string,
  accept?: string,
): Promise<readonly T[]> {
  const { status, body } = await api.ask({ path, ...(accept === undefined ? {} : { accept }) });
  if (status === 200) return (body as { readonly items: readonly T[] }).items;
  throw new ListRefused(
    `${what}: must be readable to whoever deploys, got ${status} ${statusMessage(body)}; give the right to list them`,
  );
}
