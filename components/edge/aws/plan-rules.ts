import type { CloudflarePlan, EdgeRule } from '../../aws/aws-settings.ts';

/**
 * What each plan has of our rules. On 'free' Cloudflare applies a managed rule set of its own, and one limit can be set.
 * Source: Cloudflare, "WAF Managed Rules", Availability; "Rate limiting rules", Availability: 1, 2, 5 and 100 rules
 */
export const RULES_OF_PLANS: Readonly<Record<CloudflarePlan, readonly EdgeRule[]>> = {
  free: ['api-rate'],
  pro: ['managed', 'owasp', 'sign-in-rate', 'api-rate'],
  business: ['managed', 'owasp', 'sign-in-rate', 'api-rate'],
  enterprise: ['managed', 'owasp', 'sign-in-rate', 'api-rate'],
};

/** Seconds in which requests are counted, and for which whoever sends more is refused: what the plan lets one say. */
const SECONDS_OF_PLANS: Readonly<Record<CloudflarePlan, number>> = {
  free: 10,
  pro: 60,
  business: 60,
  enterprise: 60,
};

/** A rule as Cloudflare has it. */
export interface PlannedRule {
  /** By which changes of rules know it. */
  readonly ref: EdgeRule;
  readonly description: string;
  readonly expression: string;
}

/** One that applies a rule set of Cloudflare's. */
export interface ManagedRule extends PlannedRule {
  /** The rule set's own number, the same for everybody. */
  readonly ruleset: string;
}

/** One that refuses an address that sends too much. */
export interface RateRule extends PlannedRule {
  readonly requests: number;
  readonly seconds: number;
}

/** Rules by the phase of a request that they are in. */
export interface EdgeRules {
  readonly managed: readonly ManagedRule[];
  readonly rates: readonly RateRule[];
}

/** Source: Cloudflare, "Deploy a WAF managed ruleset via API", IDs of managed rule sets */
const RULESETS: Readonly<Partial<Record<EdgeRule, { description: string; ruleset: string }>>> = {
  managed: {
    description: "Cloudflare's managed rules",
    ruleset: 'efb7b8c949ac4650a09736fc376e9aee',
  },
  owasp: {
    description: "OWASP's core rules",
    ruleset: '4814384a9e5d4991b9815dcfc25d2f1f',
  },
};

/**
 * Requests of one address a minute. They are far above what a person does: behind it the gateway counts each caller, and sign-ins by
 * account; this keeps a flood from reaching it. Path is all that every plan may ask for.
 */
const RATES: Readonly<
  Partial<Record<EdgeRule, { description: string; expression: string; aMinute: number }>>
> = {
  'sign-in-rate': {
    description: 'Sign-ins of one address',
    expression: 'starts_with(http.request.uri.path, "/v1/sessions")',
    aMinute: 60,
  },
  'api-rate': {
    description: 'Requests of one address',
    expression: 'starts_with(http.request.uri.path, "/v1/")',
    aMinute: 3_000,
  },
};

/** The rules of a zone, in the order in which they apply. None of them skips another, nor Cloudflare's protection from floods. */
export function edgeRules(plan: CloudflarePlan, chosen: readonly EdgeRule[]): EdgeRules {
  const rules = RULES_OF_PLANS[plan].filter((rule) => chosen.includes(rule));
  const seconds = SECONDS_OF_PLANS[plan];
  return {
    managed: rules.flatMap((ref) => {
      const known = RULESETS[ref];
      return known === undefined ? [] : [{ ref, expression: 'true', ...known }];
    }),
    rates: rules.flatMap((ref) => {
      const known = RATES[ref];
      if (known === undefined) return [];
      const { description, expression, aMinute } = known;
      return [{ ref, description, expression, requests: (aMinute * seconds) / 60, seconds }];
    }),
  };
}
