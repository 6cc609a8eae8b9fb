import type { ClusterNeeds } from '../resources/cluster-check.ts';
import { readList } from './read-list.ts';
import type { Asked, Named } from './read-list.ts';

type Dns = ClusterNeeds['dns'];

/** A pod, as far as it says where it answers. */
export interface DnsPod extends Named {
  readonly spec: {
    readonly containers: readonly {
      readonly ports?: readonly { readonly containerPort: number; readonly protocol?: string }[];
    }[];
  };
}

/** Whether DNS is where the policies of the network let pods ask for names. */
export async function dnsProblems(
  api: Asked,
  { dns, file }: Pick<ClusterNeeds, 'dns' | 'file'>,
): Promise<readonly string[]> {
  const found = await Promise.all(
    dns.pods.map(async (place) => {
      const labelSelector = Object.entries(place.labels)
        .map(([label, value]) => `${label}=${value}`)
        .join();
      const query = new URLSearchParams({ labelSelector }).toString();
      const path = `/api/v1/namespaces/${place.namespace}/pods?${query}`;
      const pods = await readList<DnsPod>(api, `Pods of namespace '${place.namespace}'`, path);
      return problemsOfDns({ place, pods, ports: dns.ports, file });
    }),
  );
  return found.flat();
}

/** The same of the pods of one place. */
export function problemsOfDns({
  place: { namespace, labels },
  pods,
  ports,
  file,
}: {
  readonly place: Dns['pods'][number];
  readonly pods: readonly DnsPod[];
  readonly ports: Dns['ports'];
  readonly file: string;
}): readonly string[] {
  const selector = JSON.stringify(labels);
  const fix = `set meridian:dns in ${file}, as docs/deploying.md shows for some clusters`;
  if (pods.length === 0) {
    return [
      `DNS: a pod of namespace '${namespace}' must have the labels ${selector}, got none; ${fix}`,
    ];
  }
  const open = pods
    .flatMap(({ spec }) => spec.containers)
    .flatMap((container) => container.ports ?? [])
    .filter(({ protocol }) => protocol === 'UDP')
    .map(({ containerPort }) => containerPort);
  if (open.length === 0 || open.some((port) => ports.includes(port))) return [];
  return [
    `DNS: pods of namespace '${namespace}' with the labels ${selector} must answer at a port of ${ports.join(', ')}, got ${[...new Set(open)].join(', ')}; ${fix}`,
  ];
}
