import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { LOCAL_TRUST_DOMAIN } from '../../../stacks/local.ts';
import { STAFF_ROLES } from '../../../services/identity/roles.ts';
import type { StaffRole } from '../../../services/identity/roles.ts';
import { accountPasswordFile } from '../account-password.ts';
import { printJson } from '../output/print-json.ts';
import type { Output } from '../output/schemas.ts';
import { localFolders } from '../places.ts';
import { shellQuoted } from '../shell-quoted.ts';
import { findTask, runTask, type TaskHome } from '../run-task.ts';
import { edgeOrigin } from '../zones.ts';

const task = 'account-setup';

/** A product to begin with, as CreateProduct takes it. */
const product = {
  sku: 'LAMP-1',
  name: 'Desk lamp',
  category: 'home-office',
  brand: 'Meridian',
  price: { currencyCode: 'EUR', minorUnits: '4900' },
  stock: 10,
};

/** Options of `npm run account`. */
export interface AccountOptions {
  readonly role?: string;
  readonly json?: boolean;
}

/**
 * Sets up the account of a role, as the declared client `account-setup`, and shows how to work with it.
 *
 * @throws {CodedError} ACCOUNT_OPTION_UNUSABLE, PLATFORM_NOT_RUNNING
 */
export async function account(options: AccountOptions): Promise<number> {
  const quiet = options.json === true;
  const role = roleOf(options.role);
  const { state } = localFolders();
  const home = await findTask(task);
  const url = edgeUrl(home);
  const email = `${role}@${LOCAL_TRUST_DOMAIN}`;
  const passwordFile = await accountPasswordFile(state, role);
  const exitCode = await runTask(home, task, [role, email, passwordFile], { quiet });
  if (exitCode !== 0) return exitCode;
  const made = {
    role,
    email,
    passwordFile,
    url,
    rootCertificate: path.join(state, 'pki/root.crt'),
  };
  if (quiet) printJson<'account'>(made);
  else process.stdout.write(howToUse(made));
  return 0;
}

function roleOf(given: string | undefined): StaffRole {
  const role = STAFF_ROLES.find((known) => known === given);
  if (role !== undefined) return role;
  throw new CodedError(
    'ACCOUNT_OPTION_UNUSABLE',
    `Option '--role': must be one of ${STAFF_ROLES.join(', ')}, got ${given === undefined ? 'nothing' : `'${given}'`}; run 'npm run account -- --role merchant'`,
  );
}

function howToUse({ role, email, passwordFile, url, rootCertificate }: Output<'account'>): string {
  const curl = `curl --silent --show-error --cacert ${shellQuoted(rootCertificate)}`;
  // Neither password nor token becomes an argument of a program: printf is the shell's own.
  return `
E-mail    ${email}
Password  in the file ${passwordFile}

To sign in, for five minutes:

token=$(printf '{"email":"${email}","password":"%s"}' "$(cat ${shellQuoted(passwordFile)})" |
  ${curl} -H 'content-type: application/json' -d @- ${url}/v1/sessions |
  sed -n 's/.*"accessToken":"\\([^"]*\\)".*/\\1/p')
${EXAMPLES[role](curl, url)}`;
}

/** What somebody with a role may begin with. */
const EXAMPLES: Readonly<Record<StaffRole, (curl: string, url: string) => string>> = {
  merchant: (curl, url) => `
To create a product; the same key again creates no second one:

printf 'authorization: Bearer %s\\n' "$token" |
  ${curl} -H @- -H 'content-type: application/json' -H 'idempotency-key: "${product.sku}"' \\
  -d '${JSON.stringify(product)}' ${url}/v1/products
`,
  support: (curl, url) => `
To look at an order of anybody's, by its id:

printf 'authorization: Bearer %s\\n' "$token" |
  ${curl} -H @- ${url}/v1/orders/$order
`,
  auditor: (curl, url) => `
To read what happened to an order, by its id; docs/audit.md says what else there is:

printf 'authorization: Bearer %s\\n' "$token" |
  ${curl} -H @- "${url}/v1/audit/entries?correlation_id=$order"
`,
};

function edgeUrl({ zones }: TaskHome): string {
  const origin = edgeOrigin(zones);
  if (origin === undefined) {
    throw new CodedError(
      'PLATFORM_NOT_RUNNING',
      `Task '${task}': the edge must run, as one signs in there, got none; bring the platform up with 'npm start' first.`,
    );
  }
  return origin;
}
