import { join } from 'node:path';
import { readIfThere } from '../machine/atomic-file.ts';
import { placeholdersOf } from '../folders.ts';
import type { Folders } from '../folders.ts';
import {
  REDIS_ACL_FILE,
  REDIS_ADMIN_PASSWORD_FILE,
  REDIS_ADMIN_USER,
} from '../resources/redis-server.ts';
import type { RedisServer } from './admin-connection.ts';
import { passwordFingerprint, readPassword } from '../machine/passwords.ts';

/**
 * Whether a server that does not run will have its users when it starts: it begins with none but the
 * admin where its file of users, or the admin's password, is gone or torn.
 */
export async function areUsersKept(folders: Folders, server: RedisServer): Promise<boolean> {
  const { data } = placeholdersOf(folders, server.zone, server.process);
  const users = await readIfThere(join(data, REDIS_ACL_FILE));
  const password = await readPassword(join(data, REDIS_ADMIN_PASSWORD_FILE));
  return (
    users?.endsWith('\n') === true &&
    password !== undefined &&
    users.includes(`#${passwordFingerprint(password)} `) &&
    users.includes(`user ${REDIS_ADMIN_USER} on `)
  );
}
