import { compareText } from '@meridian/components/model/order.ts';
import { failed, passed, unchecked } from '../answer.ts';
import type { Check } from '../answer.ts';
import { askCloudflare } from './cloudflare-api.ts';
import type { CloudflareAccess } from './cloudflare-api.ts';

const ABOUT = "Cloudflare's addresses";

/** Source: Cloudflare API, "Cloudflare IPs", Get IP ranges */
interface Addresses {
  readonly ipv4_cidrs?: readonly string[];
}

/**
 * Whether the balancer lets in whom Cloudflare says that it is. A network that the stack does not know is refused there, for all
 * whose requests come from it; one that Cloudflare has given up may be anybody's.
 *
 * @param known networks that the stack lets in
 */
export function addressesCheck(access: CloudflareAccess, known: readonly string[]): Check {
  return {
    about: ABOUT,
    run: async (signal) => {
      const { result, errors } = await askCloudflare<Addresses>(access, '/ips', signal);
      const told = result?.ipv4_cidrs ?? [];
      if (told.length === 0) return [unchecked(ABOUT, `Cloudflare told none (${errors})`)];
      const missing = told.filter((network) => !known.includes(network)).toSorted(compareText);
      const gone = known.filter((network) => !told.includes(network)).toSorted(compareText);
      if (missing.length + gone.length === 0) {
        return [
          passed(ABOUT, `the ${known.length} networks that the edge lets in are Cloudflare's`),
        ];
      }
      const differences = [
        ...(missing.length === 0 ? [] : [`${missing.join(', ')} besides`]),
        ...(gone.length === 0 ? [] : [`not ${gone.join(', ')}`]),
      ];
      return [
        failed(
          ABOUT,
          `must be those that Cloudflare tells, got a list without what is new: Cloudflare has ${differences.join(' and ')}; change components/edge/aws/cloudflare-addresses.ts and its date, and deploy`,
        ),
      ];
    },
  };
}
