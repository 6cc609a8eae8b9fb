import { X509Certificate } from 'node:crypto';
import { CLOUDFLARE_PLANS, EDGE_RULES } from '@meridian/components/aws/aws-settings.ts';
import type { CloudflarePlan, EdgeRule } from '@meridian/components/aws/aws-settings.ts';
import { RULES_OF_PLANS } from '@meridian/components/edge/aws/plan-rules.ts';
import { z } from 'zod';
import { jsonSetting, textOf } from './setting-schemas.ts';

/** Nobody's zone of DNS; a deployment with it is refused. */
export const EXAMPLE_ZONE_ID = '0'.repeat(32);

const HEX_ID = /^[0-9a-f]{32}$/;

/** While one authority takes over from another there are two. */
const MOST_AUTHORITIES = 2;

const PLANS = CLOUDFLARE_PLANS.map((one) => `'${one}'`).join(', ');

/** What a stack behind Cloudflare says of it. */
export function edgeSettings() {
  return {
    cloudflareZoneId: textOf(HEX_ID, '32 hexadecimal digits').default(EXAMPLE_ZONE_ID),
    cloudflareAccountId: textOf(HEX_ID, '32 hexadecimal digits').default(EXAMPLE_ZONE_ID),
    cloudflarePlan: z.enum(CLOUDFLARE_PLANS, `must be one of ${PLANS}`).default('pro'),
    edgeRules: jsonSetting<readonly EdgeRule[]>(
      z.array(z.enum(EDGE_RULES)).min(1),
      `must be a JSON list of rules, of ${EDGE_RULES.map((rule) => `'${rule}'`).join(', ')}, one at least`,
    ).optional(),
    originPullAuthorities: jsonSetting<readonly string[]>(
      z.array(z.string().refine(isAuthority)).max(MOST_AUTHORITIES),
      `must be a JSON list of at most ${MOST_AUTHORITIES} certificates of authorities in PEM, each a text with one`,
    ).prefault('[]'),
  };
}

/** Whether a text is one certificate, of somebody who may issue others. */
function isAuthority(text: string): boolean {
  if ((text.match(/-----BEGIN /g) ?? []).length !== 1) return false;
  try {
    return new X509Certificate(text).ca;
  } catch {
    // OpenSSL has many errors for what is not a certificate.
    return false;
  }
}

/** What is chosen of the rules, by the plan. */
interface ChosenRules {
  readonly cloudflarePlan: CloudflarePlan;
  readonly edgeRules?: readonly EdgeRule[] | undefined;
}

/** Refuses a rule that the plan lacks: Cloudflare would refuse it when half of the platform is there. */
export function refuseRulesBeyondPlan(
  { cloudflarePlan, edgeRules = [] }: ChosenRules,
  context: z.core.$RefinementCtx,
): void {
  const has = RULES_OF_PLANS[cloudflarePlan];
  const lacking = edgeRules.filter((rule) => !has.includes(rule));
  if (lacking.length === 0) return;
  context.addIssue({
    code: 'custom',
    path: ['edgeRules'],
    message: `must be rules that plan '${cloudflarePlan}' has, ${has.map((rule) => `'${rule}'`).join(', ')}`,
    params: { given: lacking.join(', ') },
  });
}

/** Those that apply: what is chosen, or all that the plan has. */
export function rulesOf({ cloudflarePlan, edgeRules }: ChosenRules): readonly EdgeRule[] {
  return edgeRules ?? RULES_OF_PLANS[cloudflarePlan];
}
