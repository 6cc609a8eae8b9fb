import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';

/** Who asks a registry; the password is shown to that registry and to nobody else. */
export interface RegistryLogin {
  readonly user: string;
  readonly password: string;
}

/** A registry of AWS (ECR), by the account and region of its host. Source: Amazon ECR User Guide, "Private registry" */
const ECR_HOST = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com$/;

/** Whose registry of AWS a host is, and where; undefined for any other. */
export function ecrPlace(
  host: string,
): { readonly account: string; readonly region: string } | undefined {
  const [, account, region] = ECR_HOST.exec(host) ?? [];
  return account === undefined || region === undefined ? undefined : { account, region };
}

/** Whether a host is a registry of AWS. */
export function isEcr(host: string): boolean {
  return ecrPlace(host) !== undefined;
}

/**
 * How a registry is asked: ECR by a password that AWS lends for twelve hours, any other by what `docker login` has written down, and
 * where that is nothing as nobody in particular.
 *
 * @param dockerFolder where Docker keeps its configuration
 * @throws {CodedError} IMAGES_WITHOUT_CREDENTIALS
 */
export async function loginTo(
  host: string,
  dockerFolder: string,
): Promise<RegistryLogin | undefined> {
  const place = ecrPlace(host);
  return place === undefined ? dockerLogin(host, dockerFolder) : await ecrLogin(place.region);
}

/** Asks AWS for a password to the registry of the account that the credentials are of. */
export async function ecrLogin(region: string): Promise<RegistryLogin> {
  try {
    const credentials = await fromNodeProviderChain({ clientConfig: { region } })();
    const client = new ECRClient({ region, credentials });
    const { authorizationData: [given] = [] } = await client.send(
      new GetAuthorizationTokenCommand(),
    );
    return readLogin(given?.authorizationToken ?? '');
  } catch (cause) {
    throw new CodedError(
      'IMAGES_WITHOUT_CREDENTIALS',
      `Registry of AWS in '${region}': must give a password to whoever brings images, got none (${messageOf(cause)}); take the deploy role, or one that may ecr:GetAuthorizationToken, and run it again`,
      { cause },
    );
  }
}

/** A configuration of Docker, as far as it holds logins. */
interface DockerConfiguration {
  readonly auths?: Readonly<Record<string, { readonly auth?: string }>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

function dockerLogin(host: string, folder: string): RegistryLogin | undefined {
  const file = path.join(folder, 'config.json');
  if (!existsSync(file)) return undefined;
  const {
    auths = {},
    credsStore,
    credHelpers,
  } = JSON.parse(readFileSync(file, 'utf8')) as DockerConfiguration;
  const auth = auths[host]?.auth;
  if (auth !== undefined) return readLogin(auth);
  if (
    credHelpers?.[host] === undefined &&
    (credsStore === undefined || auths[host] === undefined)
  ) {
    return undefined;
  }
  throw new CodedError(
    'IMAGES_WITHOUT_CREDENTIALS',
    `Registry '${host}': must have its login in '${file}', got a helper of Docker's that has it, which is not asked; log in with a folder of its own (DOCKER_CONFIG) that names no helper`,
  );
}

/** As both write it: name and password with a colon between, in base 64. */
function readLogin(text: string): RegistryLogin {
  const [user = '', ...password] = Buffer.from(text, 'base64').toString('utf8').split(':');
  if (user === '' || password.length === 0) throw new Error('A login without a name or a password');
  return { user, password: password.join(':') };
}
