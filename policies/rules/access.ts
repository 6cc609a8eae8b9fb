import { listOf, objectsIn, shown, valueAt, wordOf } from '../fields.ts';
import type { ObjectRule } from '../rule.ts';

const ROLES: ReadonlySet<string> = new Set(['ClusterRole', 'Role']);
const BINDINGS: ReadonlySet<string> = new Set(['ClusterRoleBinding', 'RoleBinding']);
/** Who may do one of these has, in the end, every right. Source: Kubernetes, "RBAC Good Practices". */
const ESCALATING = ['bind', 'escalate', 'impersonate'];
/** Source: Kubernetes, "RBAC Authorization", user-facing and discovery roles. */
const EVERYBODY = ['system:anonymous', 'system:authenticated', 'system:unauthenticated'];
const WRITING = ['delete', 'deletecollection', 'patch', 'update'];

export const rightsAreNamed: ObjectRule = {
  id: 'rights-are-named',
  statement: 'Roles name what they give: no wildcard, nothing by which one gives oneself more',
  reason: 'who takes over such an account has the cluster',
  fix: 'name groups, resources and verbs in the Role',
  problemsOf: ({ kind, fields }) =>
    ROLES.has(kind)
      ? objectsIn(fields['rules']).flatMap((rule) => [
          ...['apiGroups', 'resources', 'verbs']
            .filter((name) => listOf(rule[name]).includes('*'))
            .map((name) => `gives ${name} '*'`),
          ...ESCALATING.filter((verb) => listOf(rule['verbs']).includes(verb)).map(
            (verb) => `gives '${verb}' on ${shown(rule['resources'])}`,
          ),
        ])
      : [],
};

export const secretsAreGivenByName: ObjectRule = {
  id: 'secrets-are-given-by-name',
  statement: 'Roles give Secrets by name, and nobody a list of them',
  reason: 'a pod that needs one password reads every password of its namespace',
  fix: 'resourceNames in the Role; get, not list or watch',
  problemsOf: ({ kind, fields }) =>
    ROLES.has(kind)
      ? objectsIn(fields['rules'])
          .filter(({ resources }) => listOf(resources).includes('secrets'))
          .flatMap(({ verbs, resourceNames }) => {
            const given = listOf(verbs).map(wordOf);
            const everything = given.filter((verb) => verb === 'list' || verb === 'watch');
            const unnamed =
              listOf(resourceNames).length === 0
                ? given.filter((verb) => verb === 'get' || WRITING.includes(verb))
                : [];
            return [...everything, ...unnamed].map((verb) => `gives '${verb}' on all Secrets`);
          })
      : [],
};

export const nobodyIsAdministrator: ObjectRule = {
  id: 'nobody-is-administrator',
  statement: 'No binding makes an administrator, or gives rights to everybody',
  reason: 'who takes over such an account, or has none, has the cluster',
  fix: 'a Role with the rights that are needed, for one ServiceAccount',
  problemsOf: ({ kind, fields }) => {
    if (!BINDINGS.has(kind)) return [];
    const role = valueAt(fields, 'roleRef.name');
    return [
      ...(['admin', 'cluster-admin', 'edit'].includes(wordOf(role))
        ? [`gives ${shown(role)}`]
        : []),
      ...objectsIn(fields['subjects'])
        .filter(
          ({ name }) =>
            EVERYBODY.includes(wordOf(name)) || wordOf(name).startsWith('system:serviceaccounts'),
        )
        .map(({ name }) => `gives its role to ${shown(name)}`),
    ];
  },
};
