import type { OrderedRole, RolesOrder } from '@meridian/jobs/roles/roles-order.ts';
import { awsApiRule } from '../../aws/pod-role.ts';
import type { AwsSettings } from '../../aws/aws-settings.ts';
import { toDataTier } from '../../aws/data-tier.ts';
import type * as k8s from '../../kubernetes/k8s.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { dnsRule, networkPolicy } from '../../kubernetes/network-policy.ts';
import { podIdentityRule } from '../../kubernetes/pod-identity-rule.ts';
import { jobPods, programJob } from '../../kubernetes/program-job.ts';
import { declaredConnectionPlan } from '../../model/database-connections.ts';
import { databaseGrants } from '../../model/grants.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { MONITOR } from '../../observability/engines/monitor.ts';
import { MIGRATOR_CONNECTIONS, STATISTICS_ROLE } from '../kubernetes/access.ts';
import { postgresRoles } from '../postgres-roles.ts';
import {
  MIGRATOR_ROLE,
  ONLOOKER_CONNECTIONS,
  ONLOOKER_ROLE,
  PASSWORDS_SECRET,
  POSTGRES_PORT,
  ROLES_ACCOUNT,
  SERVER_SECRET,
} from './names.ts';

/** The cluster takes a quarter of an hour, and Pulumi waits for that; then a first connection can be made. */
const PATIENCE_MS = 300_000;
const TIMEOUT_SECONDS = 900;

/** The roles of the graph, as on every landing, the one that migrates, and the one of people who look. */
export function orderedRoles(graph: PlatformGraph): readonly OrderedRole[] {
  const grants = databaseGrants(graph);
  const roles = postgresRoles(grants, declaredConnectionPlan(graph));
  return [
    ...roles.map(({ name, kind, connectionLimit }) => ({
      name,
      login: kind !== 'owner',
      inherit: true,
      ...(connectionLimit === undefined ? {} : { connectionLimit }),
      memberOf: kind === 'monitor' ? [STATISTICS_ROLE] : [],
    })),
    {
      name: MIGRATOR_ROLE,
      login: true,
      // It has the rights of an owner only after SET ROLE.
      inherit: false,
      connectionLimit: MIGRATOR_CONNECTIONS,
      memberOf: grants.map(({ ownerRole }) => ownerRole),
    },
    {
      name: ONLOOKER_ROLE,
      login: true,
      byIam: true,
      inherit: true,
      connectionLimit: ONLOOKER_CONNECTIONS,
      memberOf: [STATISTICS_ROLE],
    },
  ];
}

/** The roles that log in by a password, each with its own. */
export function rolesWithPassword(graph: PlatformGraph): readonly string[] {
  return orderedRoles(graph)
    .filter(({ login, byIam }) => login && byIam !== true)
    .map(({ name }) => name);
}

/** The Job that makes roles and databases, as the server's owner: other roles, or other passwords, are another Job. */
export function rolesJob(context: KubernetesContext, { aws }: AwsSettings): Manifest {
  const { graph, settings } = context;
  const restoreFrom = aws.postgresRestoreFrom;
  const order: RolesOrder = {
    port: POSTGRES_PORT,
    serverFolder: SERVER_SECRET,
    passwordsFolder: PASSWORDS_SECRET,
    region: aws.region,
    generation: settings.passwordGeneration,
    roles: orderedRoles(graph),
    databases: databaseGrants(graph).map(({ database, ownerRole }) => ({
      name: database,
      owner: ownerRole,
    })),
    watchers: [MONITOR, ONLOOKER_ROLE],
    patienceMs: PATIENCE_MS,
  };
  return programJob(context, {
    program: 'roles',
    subject: 'postgres',
    namespace: settings.namespaces.data,
    order,
    secrets: { [SERVER_SECRET]: SERVER_SECRET, [PASSWORDS_SECRET]: PASSWORDS_SECRET },
    serviceAccount: ROLES_ACCOUNT,
    ...(restoreFrom === undefined ? {} : { within: JSON.stringify(restoreFrom) }),
    timeoutSeconds: TIMEOUT_SECONDS,
  });
}

/** Who runs it, and whom it reaches: the server, and who knows its owner's password. */
export function rolesAccess(
  { graph, settings }: KubernetesContext,
  { aws }: AwsSettings,
): readonly Manifest[] {
  const namespace = settings.namespaces.data;
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: ROLES_ACCOUNT, namespace },
      automountServiceAccountToken: false,
    } satisfies k8s.ServiceAccount,
    networkPolicy({
      name: ROLES_ACCOUNT,
      namespace,
      pods: jobPods(graph, 'roles'),
      ingress: [],
      egress: [
        dnsRule(settings),
        toDataTier(aws, [POSTGRES_PORT]),
        podIdentityRule(),
        awsApiRule(),
      ],
    }),
    networkPolicy({
      name: 'migrate',
      namespace,
      pods: jobPods(graph, 'migrate'),
      ingress: [],
      egress: [dnsRule(settings), toDataTier(aws, [POSTGRES_PORT])],
    }),
  ];
}
