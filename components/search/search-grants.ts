import type { PlatformGraph } from '../model/graph.ts';

/** An index and the one user that it has. */
export interface SearchGrant {
  readonly service: string;
  readonly index: string;
  /** Name of the service's binding folder. */
  readonly binding: string;
  /** The binding's name, since no user or role that Elasticsearch brings along is called so. */
  readonly user: string;
  readonly role: string;
}

/** What a role may do. Source: Elasticsearch 8.19, "Defining roles", role management file. */
export interface SearchRole {
  readonly cluster: readonly string[];
  readonly indices?: readonly {
    readonly names: readonly string[];
    readonly privileges: readonly string[];
  }[];
}

/** The indices that services declare, by service and binding. */
export function searchGrants(graph: PlatformGraph): readonly SearchGrant[] {
  return graph.services.flatMap(({ name, stores }) =>
    stores
      .filter((store) => store.kind === 'elasticsearch')
      .map((store) => ({
        service: name,
        index: store.name,
        binding: store.binding,
        user: store.binding,
        role: store.binding,
      })),
  );
}

/**
 * Who asks how the nodes are, such as whether one is ready, and may do nothing else: a user and a role. No service's is
 * called so: theirs have a hyphen.
 */
export const PROBE_USER = 'probe';
const PROBE_ROLE: SearchRole = { cluster: ['cluster:monitor/health'] };

/** A role for each index. */
export function searchRoles(graph: PlatformGraph): Readonly<Record<string, SearchRole>> {
  return Object.fromEntries(searchGrants(graph).map(({ role, index }) => [role, roleFor(index)]));
}

/** The roles with that of who asks how the nodes are. */
export function withProbe(
  roles: Readonly<Record<string, SearchRole>>,
): Readonly<Record<string, SearchRole>> {
  return { ...roles, [PROBE_USER]: PROBE_ROLE };
}

/**
 * What the service of an index may do: nothing of the cluster, and of indices its own with what is built
 * beside it (`<index>.<suffix>`) to take its place. Building one needs `manage`: to make it, to move the
 * alias and to remove what was before.
 */
export function roleFor(index: string): SearchRole {
  return {
    cluster: [],
    // No other index begins so: the name of a store holds no dot.
    indices: [{ names: [index, `${index}.*`], privileges: ['manage', 'read', 'write'] }],
  };
}

/**
 * roles.yml, the same on every landing: a line each, for a line that begins with a name is how a node
 * finds a role; what follows is JSON, which YAML takes.
 */
export function rolesFile(roles: Readonly<Record<string, SearchRole>>): string {
  return Object.entries(roles)
    .map(([name, role]) => `${name}: ${JSON.stringify(role)}\n`)
    .join('');
}
