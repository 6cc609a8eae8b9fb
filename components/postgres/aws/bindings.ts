import { BINDINGS_FOLDER } from '@meridian/language/process-folder.ts';
import type { AwsSettings } from '../../aws/aws-settings.ts';
import { declaredBinding, declaredSecret, OF_CLOUD } from '../../aws/declared-secret.ts';
import type { DeclaredSecret } from '../../aws/declared-secret.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { databaseGrants } from '../../model/grants.ts';
import type { DatabaseGrant } from '../../model/grants.ts';
import { monitorBinding } from '../../observability/engines/cluster-monitor.ts';
import { MONITOR_BINDINGS, MONITOR_GRANTS } from '../../observability/engines/monitor.ts';
import { postgresBinding } from '../postgres-binding.ts';
import { rdsAuthorities } from './certificates.ts';
import {
  ENDPOINT,
  MIGRATOR_ROLE,
  MIGRATOR_SECRET,
  OWNER_SECRET,
  PASSWORDS_SECRET,
  passwordOf,
  POSTGRES_PORT,
  SERVER_SECRET,
} from './names.ts';
import { rolesWithPassword } from './roles-job.ts';

/** File of the authorities to trust, in the folder of a binding and in those of Jobs. */
const CA_FILE = 'ca.crt';

/** The binding of each service to each of its databases, and of whoever asks how the server is. */
export function postgresBindings(
  context: KubernetesContext,
  settings: AwsSettings,
): readonly DeclaredSecret[] {
  const { postgres: folder } = MONITOR_BINDINGS;
  const authorities = rdsAuthorities(settings.aws.region);
  const bound = (grant: BoundGrant, mountedAt: string, name = mountedAt): DeclaredSecret =>
    declaredBinding(
      context,
      'postgres',
      name,
      {
        ...postgresBinding(grant, {
          host: OF_CLOUD,
          port: POSTGRES_PORT,
          password: {
            passwordFile: `${BINDINGS_FOLDER}/${mountedAt}/password`,
            caFile: `${BINDINGS_FOLDER}/${mountedAt}/${CA_FILE}`,
          },
        }),
        [CA_FILE]: authorities,
      },
      { host: ENDPOINT, password: passwordOf(grant.serviceRole) },
    );
  return [
    ...databaseGrants(context.graph).map((grant) => bound(grant, grant.binding)),
    bound(MONITOR_GRANTS.postgres, folder, monitorBinding(folder)),
  ];
}

type BoundGrant = Pick<DatabaseGrant, 'database' | 'serviceRole' | 'keepDays'>;

/** What Jobs mount: where the server is and who owns it, the password of each role, and that of the migrator. */
export function jobSecrets(
  context: KubernetesContext,
  { aws }: AwsSettings,
): readonly DeclaredSecret[] {
  const place = { noun: 'postgres', namespace: context.settings.namespaces.data };
  const properties = { [CA_FILE]: rdsAuthorities(aws.region) };
  return [
    declaredSecret(context, {
      ...place,
      name: SERVER_SECRET,
      properties,
      fromCloud: { host: ENDPOINT, 'owner-secret': OWNER_SECRET },
    }),
    declaredSecret(context, {
      ...place,
      name: PASSWORDS_SECRET,
      fromCloud: Object.fromEntries(
        rolesWithPassword(context.graph).map((role) => [role, passwordOf(role)]),
      ),
    }),
    declaredSecret(context, {
      ...place,
      name: MIGRATOR_SECRET,
      properties,
      fromCloud: { host: ENDPOINT, password: passwordOf(MIGRATOR_ROLE) },
    }),
  ];
}
