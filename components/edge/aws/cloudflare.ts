import {
  AuthenticatedOriginPullsSettings,
  DnsRecord,
  Ruleset,
  ZoneSetting,
} from '@pulumi/cloudflare';
import type { CustomResourceOptions, Input } from '@pulumi/pulumi';
import type { AwsSettings } from '../../aws/aws-settings.ts';
import { edgeRules } from './plan-rules.ts';
import type { EdgeRules, ManagedRule, RateRule } from './plan-rules.ts';

/** What Cloudflare does before a request reaches the platform. */
export interface CloudflareEdge {
  readonly zoneId: string;
  readonly host: string;
  /** Of the whole zone, by Cloudflare's own names. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly rules: EdgeRules;
}

/** Half a year at least is what lists of browsers ask for. Source: RFC 6797, section 11.2; hstspreload.org */
const HSTS_SECONDS = 31_536_000;

const SETTINGS = {
  // The certificate behind is held against the host's name and an authority.
  ssl: 'strict',
  min_tls_version: '1.2',
  tls_1_3: 'on',
  // What is sent with the first flight could be sent again by others.
  '0rtt': 'off',
  always_use_https: 'on',
  security_header: {
    strict_transport_security: {
      enabled: true,
      max_age: HSTS_SECONDS,
      // Other hosts of the zone may not be ready for it.
      include_subdomains: false,
      preload: false,
      nosniff: true,
    },
  },
} as const;

/** What the zone is set to. */
export function cloudflareEdge({ aws, edge }: AwsSettings): CloudflareEdge {
  const { zoneId, plan, rules } = aws.cloudflare;
  return { zoneId, host: edge.host, settings: SETTINGS, rules: edgeRules(plan, rules) };
}

/** Declares it in front of what has this name. */
export function declareCloudflare(
  name: string,
  { zoneId, host, settings, rules }: CloudflareEdge,
  behind: Input<string>,
  options: CustomResourceOptions,
): void {
  const set = Object.entries(settings).map(
    ([settingId, value]) =>
      new ZoneSetting(`${name}-${settingId}`, { zoneId, settingId, value }, options),
  );
  // From here on Cloudflare shows the certificate that was uploaded for the zone, and Envoy lets in nobody else.
  const pulls = new AuthenticatedOriginPullsSettings(name, { zoneId, enabled: true }, options);
  const phases = [
    phase('http_request_firewall_managed', rules.managed.map(managedRule)),
    phase('http_ratelimit', rules.rates.map(rateRule)),
  ].flat();
  new DnsRecord(
    name,
    // A time of 1 is Cloudflare's own choice, the only one for what it stands in front of.
    { zoneId, name: host, type: 'CNAME', content: behind, proxied: true, ttl: 1 },
    { ...options, dependsOn: [...set, pulls, ...phases] },
  );

  function phase(of: string, given: readonly RulesetRule[]): readonly Ruleset[] {
    if (given.length === 0) return [];
    const args = { zoneId, kind: 'zone', name: `${name}-${of}`, phase: of, rules: [...given] };
    return [new Ruleset(`${name}-${of}`, args, options)];
  }
}

/** A rule of a phase, as the provider takes it. */
type RulesetRule = ReturnType<typeof managedRule> | ReturnType<typeof rateRule>;

function managedRule({ ref, description, expression, ruleset }: ManagedRule) {
  return { ref, description, expression, action: 'execute', actionParameters: { id: ruleset } };
}

function rateRule({ ref, description, expression, requests, seconds }: RateRule) {
  return {
    ...{ ref, description, expression, action: 'block' },
    ratelimit: {
      // Every rule has to count by the place where Cloudflare met the request, too.
      characteristics: ['cf.colo.id', 'ip.src'],
      requestsPerPeriod: requests,
      period: seconds,
      mitigationTimeout: seconds,
    },
  };
}
