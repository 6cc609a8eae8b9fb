import { CLOUDFLARE_PLANS } from '@meridian/components/aws/aws-settings.ts';
import type { CloudflarePlan, CloudflareSettings } from '@meridian/components/aws/aws-settings.ts';
import { failed, passed } from '../answer.ts';
import type { Answer, Check } from '../answer.ts';
import { askCloudflare } from './cloudflare-api.ts';
import type { CloudflareAccess } from './cloudflare-api.ts';

/** A zone as Cloudflare tells of it. Source: Cloudflare API, "Zone Details" */
interface Zone {
  readonly name: string;
  readonly status: string;
  readonly name_servers?: readonly string[];
  readonly plan?: { readonly legacy_id?: string };
  readonly account?: { readonly id?: string };
}

/** Asks public DNS who answers for a name. */
export type NameServers = (name: string, signal: AbortSignal) => Promise<readonly string[]>;

/** Whether the zone is the account's, has the plan and the host, and whether the world asks Cloudflare for it. */
export function zoneCheck(
  access: CloudflareAccess,
  settings: CloudflareSettings,
  host: string,
  nameServers: NameServers,
): Check {
  const about = `Zone of DNS '${settings.zoneId}'`;
  return {
    about,
    run: async (signal) => {
      const { result: zone, errors } = await askCloudflare<Zone>(
        access,
        `/zones/${settings.zoneId}`,
        signal,
      );
      if (zone === undefined) {
        return [
          failed(
            about,
            `must be one that the token may read, got refused (${errors}); set cloudflareZoneId, or add the zone to the token`,
          ),
        ];
      }
      return [
        ...zoneAnswers(about, zone, settings, host),
        await delegation(zone, nameServers, signal),
      ];
    },
  };
}

function zoneAnswers(
  about: string,
  { name, status, plan, account }: Zone,
  settings: CloudflareSettings,
  host: string,
): readonly Answer[] {
  const has = plan?.legacy_id ?? 'unknown';
  const level = (of: string): number => CLOUDFLARE_PLANS.indexOf(of as CloudflarePlan);
  return [
    status === 'active'
      ? passed(about, `is '${name}', and active`)
      : failed(
          about,
          `must be active, got '${status}'; let the registrar name Cloudflare's servers, and wait`,
        ),
    host === name || host.endsWith(`.${name}`)
      ? passed(about, `has host '${host}'`)
      : failed(about, `must have host '${host}', got '${name}'; set host or cloudflareZoneId`),
    account?.id === settings.accountId
      ? passed(about, 'is of the account of the settings')
      : failed(
          about,
          `must be of account '${settings.accountId}', got '${account?.id ?? 'none'}'; set cloudflareAccountId`,
        ),
    level(has) >= level(settings.plan)
      ? passed(about, `has plan '${has}'`)
      : failed(
          about,
          `must have plan '${settings.plan}' at least, got '${has}'; set cloudflarePlan, or buy it`,
        ),
  ];
}

async function delegation(
  { name, name_servers: ours = [] }: Zone,
  nameServers: NameServers,
  signal: AbortSignal,
): Promise<Answer> {
  const about = `Name servers of '${name}'`;
  const sorted = (list: readonly string[]): string =>
    list
      .map((one) => one.toLowerCase().replace(/\.$/, ''))
      .toSorted()
      .join(', ');
  const answered = sorted(await nameServers(name, signal));
  return answered === sorted(ours)
    ? passed(about, `are Cloudflare's, ${answered}`)
    : failed(
        about,
        `must be ${sorted(ours)}, got ${answered || 'none'}; set them at the registrar`,
      );
}
