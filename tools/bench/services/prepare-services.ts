import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CodedError } from '@meridian/language/coded-error.ts';
import { landed } from '@meridian/components/model/landed.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { platform } from '../../../infra/platform-graph.ts';
import { LOCAL_TRUST_DOMAIN, localSettings } from '../../../stacks/local.ts';
import { accountPasswordFile } from '../../meridian/account-password.ts';
import type { KnownZone } from '../../meridian/zones.ts';
import type { EdgeClient } from '../../shop/edge-client.ts';
import { edgeClient, unexpected, wares } from '../../shop/open-shop.ts';
import { refresh, shopperCredentials, signIn } from '../../shop/shoppers.ts';
import type { Session } from '../../shop/shoppers.ts';
import { signInAll } from '../../shop/sign-in-all.ts';
import type { Person } from './asking.ts';
import { measureServices } from './measure-services.ts';
import type { MeasuredServices } from './measure-services.ts';
import { meteredProcesses, processMetrics } from '../../meridian/process-metrics.ts';
import { operations } from './operations.ts';

const CONNECTIONS = 64;
const WARES_MAX = 1000;
const SHOPPERS = 20;
/** Products that orders are of, and the units that each gets: more than any run sells. */
const STOCKED = 20;
const UNITS = 10_000;

/**
 * Signs shoppers, a merchant and support in and measures the services of the running platform.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, CATALOGUE_EMPTY, EDGE_ANSWER_UNEXPECTED, STAFF_MISSING
 */
export async function measurePlatform(
  folders: Folders,
  zones: readonly KnownZone[],
  say: (what: string) => void,
): Promise<MeasuredServices> {
  await using edge = edgeClient(folders, zones, CONNECTIONS);
  const offered = await wares(edge, WARES_MAX);
  const people = await shopperCredentials(folders.state, SHOPPERS);
  const sessions = await signInAll(edge, people, () => undefined);
  const [merchant, support] = [
    await signInStaff(edge, folders, 'merchant'),
    await signInStaff(edge, folders, 'support'),
  ];
  const stocked = offered.slice(0, STOCKED);
  for (const { productId } of stocked) await fillUp(edge, merchant.session, productId);
  const { services } = landed(platform(localSettings({})));
  const setting = {
    ...{ edge, stocked, wares: offered, merchant, support },
    shoppers: people.flatMap((credentials, index) => {
      const session = sessions[index];
      return session === undefined ? [] : [{ credentials, session }];
    }),
    objectivesMs: Object.fromEntries(
      services.map(({ name, objectives }) => [name, objectives.latencyP99Ms]),
    ),
  };
  const renew = async (): Promise<void> => {
    for (const person of [...setting.shoppers, merchant, support]) await renewed(edge, person);
  };
  const metered = meteredProcesses(zones);
  const pages = (): Promise<readonly string[]> =>
    Promise.all(metered.map((process) => processMetrics(folders, process)));
  return await measureServices(zones, operations(setting), { renew, say, pages });
}

async function signInStaff(
  edge: EdgeClient,
  folders: Folders,
  role: 'merchant' | 'support',
): Promise<Person> {
  const password = readFileSync(await accountPasswordFile(folders.state, role), 'utf8');
  const credentials = { email: `${role}@${LOCAL_TRUST_DOMAIN}`, password };
  const outcome = await signIn(edge, credentials);
  if ('session' in outcome) return { credentials, session: outcome.session };
  throw new CodedError(
    'STAFF_MISSING',
    `Benchmark: somebody of the role ${role} must be able to sign in, got a refusal; set one up with 'npm run account -- --role ${role}'.`,
  );
}

/** Under load the answer to a refresh may have been lost for good. */
async function renewed(edge: EdgeClient, { credentials, session }: Person): Promise<void> {
  if (await refresh(edge, session)) return;
  const outcome = await signIn(edge, credentials);
  if ('session' in outcome) Object.assign(session, outcome.session);
}

async function fillUp(
  edge: EdgeClient,
  { accessToken }: Session,
  productId: string,
): Promise<void> {
  const answer = await edge.ask({
    ...{ method: 'POST', path: `/v1/products/${productId}/stock:adjust`, token: accessToken },
    headers: { 'idempotency-key': `"${randomUUID()}"` },
    body: { difference: UNITS },
  });
  if (answer.status !== 200) throw unexpected('An adjustment of stock', answer);
}
