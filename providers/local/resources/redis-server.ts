import type { Input } from '@pulumi/pulumi';

/** Which Redis server of this machine is meant; a change replaces what lies in it. */
export interface RedisServerArgs {
  /** Zone of the process that runs the server. */
  readonly zone: Input<string>;
  /**
   * Name of that process. The server must listen on the socket `redisSocket(port)` of the stack's
   * runtime folder, keep its users in the aclfile REDIS_ACL_FILE, and have a user REDIS_ADMIN_USER whose
   * password is in the file REDIS_ADMIN_PASSWORD_FILE, both in the process's data folder.
   */
  readonly process: Input<string>;
  /** Port of the server. */
  readonly port: Input<number>;
}

/** The user that manages the others; known to the provider and to the server's own commands only. */
export const REDIS_ADMIN_USER = 'admin';

/** File name of the admin's password in the data folder of the server's process. */
export const REDIS_ADMIN_PASSWORD_FILE = 'admin-password';

/** File name of the users, in the data folder of the server's process. */
export const REDIS_ACL_FILE = 'users.acl';

/** File name of a server's unix socket in the runtime folder. */
export function redisSocket(port: number): string {
  return `redis-${port}.sock`;
}

/** Where the password of a user lies, with the placeholder `${state}`; mode 600. */
export function redisPasswordFile(process: string, user: string): string {
  return `\${state}/credentials/${process}-${user}`;
}
