import { fieldsOf, listOf, objectsIn, textOf, valueAt, wordOf } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import { isRecord } from '@meridian/provider-rehearsal/provider/property-values.ts';
import { missingIn, short } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';

/** A right in words, such as 'get secrets redis-users', and whether it is one to everything. */
export type Rights = ReadonlyMap<string, boolean>;

/** Source: Kubernetes, "RBAC Authorization", user-facing and discovery roles; "RBAC Good Practices". */
const EVERYBODY = /^system:(?:anonymous|authenticated|unauthenticated|serviceaccounts\b.*)$/;
const ADMINISTRATORS: ReadonlySet<string> = new Set(['admin', 'cluster-admin', 'edit']);
const ESCALATING: ReadonlySet<string> = new Set(['bind', 'escalate', 'impersonate']);

/** Rights that an object gives: those to everything one by one, others together. */
export function rightsIn(
  field: RegExp,
  rightsOf: (object: Fields) => Rights,
  { isOfWholes = true }: { readonly isOfWholes?: boolean } = {},
): Aspect {
  return {
    field,
    ...(isOfWholes ? { isOfWholes } : {}),
    tell: ({ before, after }) => {
      const [was, is] = [rightsOf(before ?? {}), rightsOf(after ?? {})];
      const added = missingIn([...is.keys()], [...was.keys()]);
      const some = added.filter((right) => is.get(right) !== true);
      const removed = missingIn([...was.keys()], [...is.keys()]);
      return [
        ...added.filter((right) => is.get(right) === true).map((right) => given(right, true)),
        ...(some.length === 0 ? [] : [given(some.join(', '), false)]),
        ...(removed.length === 0 ? [] : [taken(removed.join(', '))]),
      ];
    },
  };
}

/** A right that somebody has now. */
export function given(right: string, isEverything: boolean): Told {
  return {
    kind: isEverything ? 'rights-for-all' : 'rights-added',
    property: right,
    consequence: isEverything
      ? 'who takes over such an account has all that it reaches'
      : 'an identity may do what it could not',
  };
}

/** A right that somebody has no more. */
export function taken(right: string): Told {
  return {
    kind: 'rights-removed',
    property: right,
    consequence: 'what still needs it is refused',
  };
}

/** Rules of Roles and ClusterRoles, by verb and resource. */
export const roleRules = rightsIn(/^(?:rules|aggregationRule)\b/, (role) => {
  const rights = objectsIn(role['rules']).flatMap((rule) => {
    const groups = listOf(rule['apiGroups']).map(wordOf);
    const names = listOf(rule['resourceNames']).map(wordOf);
    const resources = [
      ...listOf(rule['resources']).flatMap((resource) =>
        groups.map((group) => `${wordOf(resource)}${group === '' ? '' : `.${group}`}`),
      ),
      ...listOf(rule['nonResourceURLs']).map(wordOf),
    ];
    return listOf(rule['verbs']).flatMap((verb) =>
      resources.flatMap((resource) =>
        (names.length === 0 ? [''] : names).map((name): readonly [string, boolean] => {
          const isEverything =
            verb === '*' || resource.includes('*') || ESCALATING.has(wordOf(verb));
          return [`${wordOf(verb)} ${resource}${name === '' ? '' : ` '${name}'`}`, isEverything];
        }),
      ),
    );
  });
  const aggregated = objectsIn(valueAt(role, 'aggregationRule.clusterRoleSelectors'));
  return new Map([
    ...rights,
    ...aggregated.map((selector) => [`all of ${JSON.stringify(selector)}`, true] as const),
  ]);
});

/** Who has a role. */
export const bindingSubjects = rightsIn(/^(?:subjects|roleRef)\b/, (binding) => {
  const role = textOf(valueAt(binding, 'roleRef.name'));
  return new Map(
    objectsIn(binding['subjects']).map(({ kind, name, namespace }) => {
      const place = namespace === undefined ? '' : `${short(namespace)}/`;
      const isEverything = ADMINISTRATORS.has(role) || EVERYBODY.test(wordOf(name));
      return [`${role} to ${wordOf(kind)} ${place}${wordOf(name)}`, isEverything] as const;
    }),
  );
});

const ROLE_POWERS = ['superuser', 'createdb', 'createrole', 'replication', 'bypassrls', 'login'];
const POWERS_OVER_ALL: ReadonlySet<string> = new Set([
  ...['superuser', 'createrole', 'replication', 'bypassrls'],
]);

/** Roles of PostgreSQL with what they may. Source: CloudNativePG 1.30, Cluster, `managed.roles`. */
export const postgresRoles = rightsIn(/^spec\.(?:managed\b|enableSuperuserAccess$)/, (cluster) => {
  const roles = objectsIn(valueAt(cluster, 'spec.managed.roles'))
    .filter(({ ensure }) => ensure !== 'absent')
    .flatMap((role) => {
      const name = textOf(role['name']);
      const powers = ROLE_POWERS.filter((power) => role[power] === true);
      const groups = listOf(role['inRoles']).map(wordOf);
      return [
        [`role ${name}`, false] as const,
        ...powers.map((power) => [`${power} to role ${name}`, POWERS_OVER_ALL.has(power)] as const),
        ...groups.map((group) => [`${group} to role ${name}`, group.startsWith('pg_')] as const),
        ...(role['disablePassword'] === true
          ? []
          : [[`a password to role ${name}`, false] as const]),
      ];
    });
  const superuser = valueAt(cluster, 'spec.enableSuperuserAccess') === true;
  return new Map(superuser ? [...roles, ['superuser over the network', true]] : roles);
});

/** Lines by which PostgreSQL lets clients in. Source: PostgreSQL 17, "The pg_hba.conf File". */
export const postgresAccess: Aspect = {
  field: /^spec\.postgresql\.pg_hba\b/,
  tell: ({ before, after }) => {
    const [was, is] = [before, after].map((cluster) =>
      listOf(valueAt(cluster, 'spec.postgresql.pg_hba')).map(wordOf),
    );
    return [
      ...missingIn(is ?? [], was ?? []).map((line): Told =>
        /\bcert\b/.test(line) || /\breject\b/.test(line)
          ? given(line, / (?:all|\+?postgres) /.test(line) && !/\breject\b/.test(line))
          : {
              kind: 'sign-in-dropped',
              property: line,
              consequence: 'clients get in without a certificate',
            },
      ),
      ...missingIn(was ?? [], is ?? []).map((line) => taken(line)),
    ];
  },
};

/** Users and roles of Elasticsearch, by the Secrets that hold them. Source: ECK 3.5, Elasticsearch, `auth`. */
export const elasticsearchUsers = rightsIn(/^spec\.auth\b/, (engine) => {
  const auth = fieldsOf(valueAt(engine, 'spec.auth'));
  const secrets = ['fileRealm', 'roles'].flatMap((list) =>
    objectsIn(auth[list]).map(
      ({ secretName }) => [`${list} of Secret ${wordOf(secretName)}`, false] as const,
    ),
  );
  // An object without specification is none.
  const hasElastic = engine['spec'] !== undefined && auth['disableElasticUser'] !== true;
  return new Map(hasElastic ? [...secrets, ['the superuser elastic', true]] : secrets);
});

/** Whether words of `ACL SETUSER` give everything. Source: Valkey 8, "ACL". */
export function isEveryRedisRight(permission: string): boolean {
  return /^(?:\+@all|allcommands|allkeys|~\*|nopass)$/.test(permission);
}

/** Users of Redis with what they may. Source: Valkey 8, "ACL". */
export const redisUsers = rightsIn(/^values\.auth\b/, (release) => {
  const auth = fieldsOf(valueAt(release, 'values.auth'));
  const users = Object.entries(fieldsOf(auth['aclUsers'])).flatMap(([name, user]) => {
    const permissions = textOf(fieldsOf(user)['permissions']).split(/\s+/).filter(Boolean);
    return permissions
      .filter((permission) => !/^(?:-|off$|reset)/.test(permission))
      .map((permission) => [`${permission} to ${name}`, isEveryRedisRight(permission)] as const);
  });
  const isOpen = release['values'] !== undefined && isRecord(auth) && auth['enabled'] === false;
  return new Map(isOpen ? [...users, ['everything to everybody', true]] : users);
});
