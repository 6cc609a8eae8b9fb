import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { LOCAL_TRUST_DOMAIN } from '../../../stacks/local.ts';
import { merchantPasswordFile } from '../merchant-password.ts';
import { printJson } from '../output/print-json.ts';
import type { Output } from '../output/schemas.ts';
import { localFolders } from '../places.ts';
import { shellQuoted } from '../shell-quoted.ts';
import { findTask, runTask, type TaskHome } from '../run-task.ts';
import { edgeOrigin } from '../zones.ts';

const task = 'merchant-account';

/** A product to begin with, as CreateProduct takes it. */
const product = {
  sku: 'LAMP-1',
  name: 'Desk lamp',
  category: 'home-office',
  brand: 'Meridian',
  price: { currencyCode: 'EUR', minorUnits: '4900' },
  stock: 10,
};

/** Options of `npm run merchant`. */
export interface MerchantOptions {
  readonly json?: boolean;
}

/**
 * Sets up the account of the first merchant, as the declared client `merchant-account`, and shows how
 * to work with it.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING
 */
export async function merchant(options: MerchantOptions): Promise<number> {
  const quiet = options.json === true;
  const { state } = localFolders();
  const home = await findTask(task);
  const url = edgeUrl(home);
  const email = `merchant@${LOCAL_TRUST_DOMAIN}`;
  const passwordFile = await merchantPasswordFile(state);
  const exitCode = await runTask(home, task, [email, passwordFile], { quiet });
  if (exitCode !== 0) return exitCode;
  const account = { email, passwordFile, url, rootCertificate: path.join(state, 'pki/root.crt') };
  if (quiet) printJson<'merchant'>(account);
  else process.stdout.write(howToUse(account));
  return 0;
}

function howToUse({ email, passwordFile, url, rootCertificate }: Output<'merchant'>): string {
  const curl = `curl --silent --show-error --cacert ${shellQuoted(rootCertificate)}`;
  // Neither password nor token becomes an argument of a program: printf is the shell's own.
  return `
E-mail    ${email}
Password  in the file ${passwordFile}

To sign in, for five minutes:

token=$(printf '{"email":"${email}","password":"%s"}' "$(cat ${shellQuoted(passwordFile)})" |
  ${curl} -H 'content-type: application/json' -d @- ${url}/v1/sessions |
  sed -n 's/.*"accessToken":"\\([^"]*\\)".*/\\1/p')

To create a product; the same key again creates no second one:

printf 'authorization: Bearer %s\\n' "$token" |
  ${curl} -H @- -H 'content-type: application/json' -H 'idempotency-key: "${product.sku}"' \\
  -d '${JSON.stringify(product)}' ${url}/v1/products
`;
}

function edgeUrl({ zones }: TaskHome): string {
  const origin = edgeOrigin(zones);
  if (origin === undefined) {
    throw new CodedError(
      'PLATFORM_NOT_RUNNING',
      `Task '${task}': the edge must run, as a merchant signs in there, got none; bring the platform up with 'npm start' first.`,
    );
  }
  return origin;
}
