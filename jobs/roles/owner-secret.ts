import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';

/** Who owns a server that AWS manages. */
export interface ServerOwner {
  readonly username: string;
  readonly password: string;
}

/**
 * Reads who owns a server from the Secret that RDS keeps and renews every week, with the credentials of the pod's role.
 * @throws {CodedError} POSTGRES_OWNER_UNKNOWN
 */
export async function readOwner(secretId: string, region: string): Promise<ServerOwner> {
  const client = new SecretsManagerClient({ region });
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    const owner = JSON.parse(SecretString ?? '{}') as Partial<ServerOwner>;
    if (owner.username === undefined || owner.password === undefined) {
      throw new Error('it has no username and password');
    }
    return { username: owner.username, password: owner.password };
  } catch (cause) {
    throw new CodedError(
      'POSTGRES_OWNER_UNKNOWN',
      `Secret '${secretId}': must say who owns the server (${messageOf(cause)}); the role of the pod must allow it, and so must what its network lets through`,
      { cause },
    );
  } finally {
    client.destroy();
  }
}
