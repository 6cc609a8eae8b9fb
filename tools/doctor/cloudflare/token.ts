import { failed, passed, unchecked } from '../answer.ts';
import type { Answer, Check } from '../answer.ts';
import { askCloudflare } from './cloudflare-api.ts';
import type { CloudflareAccess } from './cloudflare-api.ts';

/**
 * What the token has to be allowed: by Cloudflare's name of the permission, and a read of the zone that needs the same one or its
 * lesser half. Source: Cloudflare, "API token permissions", zone permissions
 */
const SCOPES = [
  { name: 'Zone Settings Write', shown: 'Zone Settings: Edit', reads: 'settings/ssl' },
  { name: 'DNS Write', shown: 'DNS: Edit', reads: 'dns_records?per_page=1' },
  { name: 'Zone WAF Write', shown: 'Zone WAF: Edit', reads: 'rulesets' },
  {
    name: 'SSL and Certificates Write',
    shown: 'SSL and Certificates: Edit',
    reads: 'origin_tls_client_auth/settings',
  },
] as const;

const ABOUT = "Token of Cloudflare's API";

interface Policy {
  readonly effect: string;
  readonly permission_groups: readonly { readonly name: string }[];
}

/** Whether the token is valid and may do what the edge needs. */
export function tokenCheck(
  access: CloudflareAccess,
  { zoneId, accountId }: { readonly zoneId: string; readonly accountId: string },
): Check {
  return {
    about: ABOUT,
    run: async (signal) => {
      const owners = ['/user', `/accounts/${accountId}`];
      for (const owner of owners) {
        const { result } = await askCloudflare<{ readonly id: string; readonly status: string }>(
          access,
          `${owner}/tokens/verify`,
          signal,
        );
        if (result === undefined) continue;
        if (result.status !== 'active') {
          return [failed(ABOUT, `must be active, got '${result.status}'; make another one`)];
        }
        const policies = await askCloudflare<{ readonly policies?: readonly Policy[] }>(
          access,
          `${owner}/tokens/${result.id}`,
          signal,
        );
        const scopes = policies.result?.policies;
        return [
          passed(ABOUT, 'is active'),
          ...(scopes === undefined ? await byReading(access, zoneId, signal) : byPolicies(scopes)),
        ];
      }
      return [
        failed(
          ABOUT,
          'must be valid, got one that Cloudflare does not know; set CLOUDFLARE_API_TOKEN',
        ),
      ];
    },
  };
}

function byPolicies(policies: readonly Policy[]): readonly Answer[] {
  const names = policies
    .filter(({ effect }) => effect === 'allow')
    .flatMap(({ permission_groups: groups }) => groups.map(({ name }) => name));
  return SCOPES.map(({ name, shown }) => {
    const about = `Permission '${shown}'`;
    return names.includes(name)
      ? passed(about, 'is one of the token’s')
      : failed(about, 'must be one of the token’s, got none; add it to the token');
  });
}

/** A token that may not look at itself shows by what it can read what it may at least read. */
async function byReading(
  access: CloudflareAccess,
  zoneId: string,
  signal: AbortSignal,
): Promise<readonly Answer[]> {
  const answers = SCOPES.map(async ({ shown, reads }): Promise<readonly Answer[]> => {
    const about = `Permission '${shown}'`;
    const { status, errors } = await askCloudflare(access, `/zones/${zoneId}/${reads}`, signal);
    if (status === 401 || status === 403) {
      return [
        failed(
          about,
          `must be one of the token’s, got not even to read (${errors}); add it to the token`,
        ),
      ];
    }
    if (status >= 400) return [unchecked(about, errors)];
    return [
      unchecked(
        about,
        'the token may read, and may not look at itself: whether it may edit shows in a deployment',
      ),
    ];
  });
  return (await Promise.all(answers)).flat();
}
