import { DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { failed, unchecked } from './answer.ts';
import type { Answer, Check } from './answer.ts';
import { accountCheck } from './aws/account.ts';
import { awsAccess } from './aws/aws-access.ts';
import type { AwsAccess } from './aws/aws-access.ts';
import { clusterChecks } from './aws/cluster.ts';
import { existingClusterChecks } from './aws/existing-cluster.ts';
import { engineChecks } from './aws/engines.ts';
import { nodeTypeChecks } from './aws/instance-types.ts';
import { imageChecks } from './aws/images.ts';
import { networkChecks } from './aws/network.ts';
import { quotaChecks } from './aws/quotas.ts';
import { secretChecks } from './aws/secrets.ts';
import { zonesCheck } from './aws/zones.ts';
import { addressesCheck } from './cloudflare/addresses.ts';
import { CLOUDFLARE_URL } from './cloudflare/cloudflare-api.ts';
import { publicNameServers } from './cloudflare/public-dns.ts';
import { tokenCheck } from './cloudflare/token.ts';
import { zoneCheck } from './cloudflare/zone.ts';
import { CHECK_MS, inOrder, runChecks } from './run-checks.ts';
import type { StackNeeds } from './stack-needs.ts';

/** From where clouds are asked. */
export interface DoctorPlace {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Resolvers of DNS. @default ones that everybody can ask */
  readonly resolvers?: readonly string[];
  /** Milliseconds that a check has. @default twenty seconds */
  readonly limitMs?: number;
}

/** What no call tells before something is made. */
const NEVER: readonly Answer[] = [
  unchecked(
    'What the deploy role may do',
    "its policy is bootstrap's, and a test holds it against what the program makes; AWS is not asked",
  ),
  unchecked(
    'Capacity of zones',
    'that a type is offered in a zone does not say that there is one to be had now',
  ),
];

/**
 * Asks AWS, Cloudflare and DNS whether a stack can be deployed, and changes nothing. Gives all that is wrong at once.
 *
 * @throws {CodedError} DOCTOR_WITHOUT_CREDENTIALS
 */
export async function askClouds(
  needs: StackNeeds,
  { environment, resolvers, limitMs = CHECK_MS }: DoctorPlace,
): Promise<readonly Answer[]> {
  const access = await awsAccess(needs.region);
  const [account] = await runChecks([accountCheck(access, needs)], limitMs);
  const ofCloudflare = cloudflareChecks(needs, environment, resolvers);
  const isOurs = account?.outcome === 'passed';
  const ofAws = isOurs ? await awsChecks(access, needs, limitMs) : [];
  const answers = await runChecks([...ofAws, ...ofCloudflare], limitMs);
  const more = isOurs
    ? []
    : [
        unchecked(
          'All else of AWS',
          'as long as the account is not known to be this one, answers say nothing',
        ),
      ];
  const all = [...(account === undefined ? [] : [account]), ...answers, ...more, ...NEVER];
  return inOrder(all);
}

async function awsChecks(
  access: AwsAccess,
  needs: StackNeeds,
  limitMs: number,
): Promise<readonly Check[]> {
  // That one which was there before has been says nothing of what else there is.
  const isDeployed =
    needs.existingCluster === undefined && (await isThere(access, needs.clusterName, limitMs));
  return [
    zonesCheck(access, needs),
    ...nodeTypeChecks(access, needs),
    ...clusterChecks(access, needs),
    ...existingClusterChecks(access, needs),
    ...engineChecks(access, needs),
    ...networkChecks(access, needs),
    ...quotaChecks(access, needs, isDeployed),
    ...secretChecks(access, needs),
    ...imageChecks(access, needs),
  ];
}

/** Whether the stack's cluster exists. Who may not ask is taken for one who has none: quotas are then held more strictly. */
async function isThere(access: AwsAccess, name: string, limitMs: number): Promise<boolean> {
  try {
    await new EKSClient(access).send(new DescribeClusterCommand({ name }), {
      abortSignal: AbortSignal.timeout(limitMs),
    });
    return true;
  } catch {
    // Not there, or nobody can say: what else is asked tells why.
    return false;
  }
}

function cloudflareChecks(
  { cloudflare, edgeNetworks, host }: StackNeeds,
  environment: DoctorPlace['environment'],
  resolvers: readonly string[] | undefined,
): readonly Check[] {
  const token = environment['CLOUDFLARE_API_TOKEN'] ?? '';
  if (token === '') {
    const about = "Token of Cloudflare's API";
    const said =
      'must be in CLOUDFLARE_API_TOKEN, got none; take the one that a deployment uses, or one that may read the same';
    return [
      {
        about,
        run: async () =>
          await Promise.resolve([
            failed(about, said),
            unchecked(
              `Zone of DNS '${cloudflare.zoneId}'`,
              'nobody asks Cloudflare without a token',
            ),
          ]),
      },
    ];
  }
  const access = { url: environment['CLOUDFLARE_BASE_URL'] ?? CLOUDFLARE_URL, token };
  return [
    tokenCheck(access, cloudflare),
    addressesCheck(access, edgeNetworks),
    zoneCheck(access, cloudflare, host, publicNameServers(resolvers)),
  ];
}
