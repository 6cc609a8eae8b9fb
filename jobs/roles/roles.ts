import { keepRoles } from './keep-roles.ts';
import { readOwner } from './owner-secret.ts';
import type { RolesOrder } from './roles-order.ts';
import { connectPatiently, readServer } from '../postgres-server.ts';

/**
 * Makes the roles and databases of a server that AWS manages, as its owner. Gives the roles that cannot come by IAM, though they should.
 * @throws {CodedError} POSTGRES_NOT_REACHED, POSTGRES_OWNER_UNKNOWN
 */
export async function roles(order: RolesOrder): Promise<readonly string[]> {
  const { host, ca, ownerSecret } = await readServer(order.serverFolder);
  const client = await connectPatiently(
    { host, port: order.port, database: 'postgres', patienceMs: order.patienceMs },
    async () => {
      // Read for each try: RDS renews it.
      const { username, password } = await readOwner(ownerSecret, order.region);
      return { user: username, password, ssl: { ca, minVersion: 'TLSv1.2' } };
    },
  );
  try {
    return await keepRoles(client, order);
  } finally {
    await client.end();
  }
}
