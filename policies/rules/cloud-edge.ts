import { fieldsOf, objectsIn, shown, textOf } from '../fields.ts';
import type { ObjectRule } from '../rule.ts';

const RULESET = 'cloudflare:index/ruleset:Ruleset';

/** What the zone's settings must be. Source: Cloudflare, "Zone settings", by their ids */
const SETTINGS: Readonly<Record<string, readonly unknown[]>> = {
  always_use_https: ['on'],
  min_tls_version: ['1.2', '1.3'],
  ssl: ['strict'],
  tls_1_3: ['on', 'zrt'],
};

/** Types of records that say where a name leads: an address, or the name of a balancer, which has addresses. */
const LEADS_ON: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);
/** Names with which somebody shows that a domain is his: no host is called so, and nobody connects with it. Source: RFC 8552 */
const PROOF = /(?:^|\.)_/;

export const theEdgeIsStrict: ObjectRule = {
  id: 'the-edge-is-strict',
  statement: 'The edge speaks TLS 1.2 or newer on both sides, and nobody goes around it',
  reason: 'passwords and tokens can be read on their way, or the origin is attacked itself',
  fix: 'components/edge/aws',
  problemsOf: ({ kind, fields }) => {
    if (kind === 'cloudflare:index/zoneSetting:ZoneSetting') {
      const wanted = SETTINGS[textOf(fields['settingId'])];
      return wanted === undefined || wanted.includes(fields['value'])
        ? []
        : [
            `${textOf(fields['settingId'])} must be ${wanted.map(shown).join(' or ')}, got ${shown(fields['value'])}`,
          ];
    }
    if (kind !== 'cloudflare:index/dnsRecord:DnsRecord') return [];
    const { type, name, proxied } = fields;
    return LEADS_ON.has(textOf(type)) && !PROOF.test(textOf(name)) && proxied !== true
      ? ['shows the origin: it is not proxied']
      : [];
  },
};

/** The phases whose rules keep others out. Source: Cloudflare Ruleset Engine, "Phases list" */
const GUARDS =
  /^(?:ddos_l4|ddos_l7|http_request_firewall_managed|http_request_firewall_custom|http_ratelimit)$/;

export const nothingSkipsTheGuards: ObjectRule = {
  id: 'nothing-skips-the-guards',
  statement: 'No rule of ours lets requests past the firewall or the protection from floods',
  reason: 'an attacker who knows the rule has no edge before him',
  fix: 'components/edge/aws',
  problemsOf: ({ kind, fields }) => {
    if (kind !== RULESET) return [];
    // From any phase a rule can skip the guards of others.
    const skipping = objectsIn(fields['rules'])
      .filter(({ action }) => action === 'skip')
      .map(({ description }) => `rule ${shown(description)} skips other rules`);
    if (!GUARDS.test(textOf(fields['phase']))) return skipping;
    const off = objectsIn(fields['rules']).flatMap((rule) => {
      const { enabled, description } = rule;
      const overrides = fieldsOf(fieldsOf(rule['actionParameters'])['overrides']);
      const called = shown(description);
      const told = [
        overrides,
        ...objectsIn(overrides['rules']),
        ...objectsIn(overrides['categories']),
      ];
      return [
        ...(enabled === false ? [`rule ${called} is off`] : []),
        ...(told.some((one) => one['enabled'] === false)
          ? [`rule ${called} turns managed rules off`]
          : []),
        ...(told.some((one) => one['sensitivityLevel'] === 'eoff')
          ? [`rule ${called} makes nothing of floods`]
          : []),
        ...(told.some((one) => one['action'] === 'log') ? [`rule ${called} only writes down`] : []),
      ];
    });
    return [...skipping, ...off];
  },
};
