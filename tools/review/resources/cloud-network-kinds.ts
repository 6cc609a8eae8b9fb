import { wordOf } from '@meridian/policies/fields.ts';
import { each, short, sides } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';
import { guard, keeps, missed, release, whole } from './cloud-aspects.ts';

/** Connections that are made through it: one more way, or none. */
const WAY: Aspect = whole({
  made: { kind: 'network-opened', consequence: 'connections arrive that did not' },
  gone: { kind: 'network-closed', consequence: 'connections that were made end' },
});

const EVERYBODY = /(?:^|")(?:0\.0\.0\.0\/0|::\/0)(?:"|$)/;

/** Rules of who comes in or goes out, as a list within its resource. */
const RULES: Aspect = {
  field: /^(?:ingress|egress)\b/,
  tell: (_change, lines) =>
    lines.map((line) => {
      const isWide =
        line.property.startsWith('ingress') &&
        EVERYBODY.test(JSON.stringify([line.after])) &&
        !EVERYBODY.test(JSON.stringify([line.before]));
      return {
        kind: isWide ? 'newly-reachable' : 'network-opened',
        property: line.property,
        ...sides(line),
        consequence: isWide ? 'all of the internet gets in' : 'others come in, or go out',
      };
    }),
};

/** Whom something may connect with. */
const OUTWARD: Aspect = {
  field:
    /^(?:cidrIpv4|cidrIpv6|prefixListId|fromPort|toPort|ipProtocol|referencedSecurityGroupId|securityGroupId)$/,
  isOfWholes: true,
  tell: ({ operation, after }, lines) => {
    const outward = (to: unknown): Pick<Told, 'kind' | 'consequence'> => ({
      kind: 'network-opened',
      consequence: EVERYBODY.test(wordOf(to))
        ? 'who breaks in there can send to all of the internet'
        : 'connections go where none went',
    });
    if (operation === 'delete') {
      return [{ kind: 'network-closed', consequence: 'connections that were made end' }];
    }
    if (operation === 'create') {
      const to = after?.['cidrIpv4'] ?? after?.['cidrIpv6'] ?? 'a security group';
      return [{ ...outward(to), before: 'closed', after: `open to ${short(to)}` }];
    }
    return lines.map((line) => ({
      ...outward(line.after),
      property: line.property,
      ...sides(line),
    }));
  },
};

/** Where packets go. A gateway of the internet in place of one that lets nobody in opens what is behind it. */
const ROUTE: Aspect = {
  field:
    /^(?:(?:routes(?:\[\d+\])?\.?)?(?:\w*GatewayId|gatewayId|destination\w+|cidrBlock|\w*VpcEndpointId|vpcEndpointId|vpcPeeringConnectionId|networkInterfaceId|routeTableId)|routes(?:\[\d+\])?)$/,
  tell: (_change, lines) =>
    lines.map((line) => {
      const isOpen = /(?:^|\.)gatewayId$/.test(line.property) && line.before === undefined;
      return {
        kind: isOpen ? 'newly-reachable' : 'network-opened',
        property: line.property,
        ...sides(line),
        consequence: isOpen
          ? 'the internet reaches what has an address there'
          : 'packets go another way',
      };
    }),
};

const PLACE = each(
  /^(?:vpcId|subnetId|subnetIds|routeTableIds|routeTableId|securityGroupIds|securityGroups|subnets)\b/,
  'network-opened',
  'it stands in another network, or others reach it',
);

/** In which zones engines may stand: with one less of them they cannot move there. */
const SUBNETS: Aspect = {
  field: /^subnetIds\b/,
  tell: (_change, lines) =>
    lines.map((line) => ({
      kind: line.after === undefined ? 'zone-proof-lost' : 'store-changed',
      property: line.property,
      ...sides(line),
      consequence:
        line.after === undefined
          ? 'engines have one zone less to stand in'
          : 'engines stand in other networks',
    })),
};

const edge = (field: RegExp, consequence: string): Aspect =>
  each(field, 'trust-changed', consequence);

const UNKNOWN_EDGE = 'the edge shows the origin no certificate of ours, or another';
const ELSEWHERE = 'whoever uses the name is led elsewhere';
const NAMELESS = {
  kind: 'network-closed',
  consequence: 'whoever uses the name finds nothing',
} as const;
const PASSED_BY = 'whoever looks the name up finds the origin, and goes around the edge';

/** A name in front of the edge; one that is not proxied shows the origin. */
const NAMED: Aspect = {
  field: /^$/,
  isOfWholes: true,
  tell: ({ operation, after }) =>
    operation === 'delete'
      ? [{ ...NAMELESS, before: 'there', after: 'none' }]
      : [
          /^(?:A|AAAA|CNAME)$/.test(wordOf(after?.['type'])) && after?.['proxied'] !== true
            ? { kind: 'newly-reachable', before: 'none', after: 'there', consequence: PASSED_BY }
            : { kind: 'object-added', consequence: 'there is one more' },
        ],
};

/** What changes of networks, balancers and the edge mean. Sources: Amazon EC2 and Elastic Load Balancing API; Cloudflare API */
export const NETWORK_KINDS: Readonly<Record<string, readonly Aspect[]>> = {
  'ec2:DefaultNetworkAcl': [RULES, PLACE],
  'ec2:DefaultRouteTable': [ROUTE],
  'ec2:DefaultSecurityGroup': [
    RULES,
    PLACE,
    missed('network-opened', 'what AWS put into it is let in again'),
  ],
  'ec2:Eip': [
    each(
      /^(?:address|instance|networkInterface|domain)$/,
      'network-closed',
      'it is another address',
    ),
    whole({
      gone: { kind: 'network-closed', consequence: 'whoever knows the address finds nothing' },
    }),
  ],
  'ec2:InternetGateway': [PLACE, WAY],
  'ec2:NatGateway': [
    PLACE,
    each(
      /^(?:allocationId|connectivityType|privateIp|secondary\w+)\b/,
      'network-closed',
      'connections outward come from another address, or end',
    ),
    WAY,
  ],
  'ec2:Route': [ROUTE, WAY],
  'ec2:RouteTable': [ROUTE, PLACE],
  'ec2:RouteTableAssociation': [PLACE, WAY],
  'ec2:SecurityGroup': [
    RULES,
    PLACE,
    each(/^(?:name|description)$/, 'object-changed', 'it is called otherwise'),
  ],
  'ec2:Tag': [each(/^(?:key|value|resourceId)$/, 'object-changed', 'it is marked otherwise')],
  'ec2:Vpc': [
    guard(/^enableDns(?:Hostnames|Support)$/, {
      kind: 'network-closed',
      consequence: 'names of engines and of AWS lead nowhere in it',
    }),
  ],
  'ec2:VpcEndpoint': [
    each(/^policy\b/, 'rights-added', 'other things may be asked of AWS through it'),
    guard(/^privateDnsEnabled$/, {
      kind: 'network-closed',
      consequence: 'what asks AWS by its name goes out to the internet, or nowhere',
    }),
    PLACE,
    WAY,
  ],
  'elasticache:SubnetGroup': [SUBNETS],
  'rds:SubnetGroup': [SUBNETS],
  'lb:Listener': [
    edge(
      /^(?:sslPolicy|alpnPolicy|protocol|certificateArn|mutualAuthentication)\b/,
      'who is let in, or who reads along, is another',
    ),
    each(/^port$/, 'network-opened', 'connections arrive at another port'),
    each(/^defaultActions\b/, 'network-opened', 'requests go to others'),
    WAY,
  ],
  'lb:TargetGroup': [
    each(/^name$/, 'object-changed', 'whoever registers there does so by another name'),
    edge(
      /^(?:proxyProtocolV2|preserveClientIp)$/,
      'whom those behind it take a client for is another',
    ),
    each(/^(?:port|protocol|targetType|vpcId)$/, 'network-opened', 'requests go to others'),
    each(
      /^(?:healthCheck|deregistrationDelay|connectionTermination|stickiness|slowStart|loadBalancing\w+|target\w*Health\w*|targetFailovers)\b/,
      'limits-changed',
      'who gets requests, and for how long, is decided otherwise',
    ),
    missed('network-closed', 'connections that were made end'),
  ],
  'route53:Record': [
    each(
      /^(?:records|aliases|type|name|zoneId|\w+RoutingPolic\w+)\b/,
      'external-changed',
      ELSEWHERE,
    ),
    each(/^ttl$/, 'object-changed', 'it is remembered for another time'),
    whole({ gone: NAMELESS }),
  ],
  'route53:Zone': [
    release(/^forceDestroy$/, {
      kind: 'data-unprotected',
      consequence: 'it is deleted with all of its names, where it would be refused',
    }),
    each(/^(?:name|vpcs)\b/, 'external-changed', ELSEWHERE),
    whole({ gone: NAMELESS }),
  ],
  'vpc:SecurityGroupEgressRule': [OUTWARD],
  'index:AuthenticatedOriginPulls': [
    edge(/^configs\b/, UNKNOWN_EDGE),
    missed('trust-changed', UNKNOWN_EDGE),
  ],
  'index:AuthenticatedOriginPullsCertificate': [
    edge(/^(?:certificate|privateKey)$/, UNKNOWN_EDGE),
    missed('trust-changed', UNKNOWN_EDGE),
  ],
  'index:AuthenticatedOriginPullsSettings': [
    guard(/^enabled$/, { kind: 'trust-changed', consequence: UNKNOWN_EDGE }),
    missed('trust-changed', UNKNOWN_EDGE),
  ],
  'index:BotManagement': [
    each(/./, 'network-opened', 'the edge lets other programs through'),
    missed('network-opened', 'the edge lets other programs through'),
  ],
  'index:CertificatePack': [
    edge(
      /^(?:certificateAuthority|hosts|type|validationMethod|validityDays)\b/,
      'browsers are shown another certificate',
    ),
    missed('trust-changed', 'browsers are shown another certificate, or none'),
  ],
  'index:DnsRecord': [
    keeps(/^proxied$/, (value) => value === true, {
      kind: 'newly-reachable',
      consequence: PASSED_BY,
    }),
    each(/^(?:content|data|name|priority|type|zoneId)\b/, 'external-changed', ELSEWHERE),
    each(/^(?:comment|settings|ttl)\b/, 'object-changed', 'it is remembered or called otherwise'),
    NAMED,
  ],
  'index:ManagedTransforms': [
    edge(
      /^managedRequestHeaders\b/,
      'what the origin is told of whoever asks is another, or comes from him',
    ),
    each(
      /^managedResponseHeaders\b/,
      'network-opened',
      'browsers are told otherwise what they may do',
    ),
  ],
  'index:OriginCaCertificate': [
    edge(
      /^(?:csr|hostnames|requestType|requestedValidity)\b/,
      'the edge is shown another certificate',
    ),
    missed('trust-changed', 'the edge trusts the origin by it no more'),
  ],
  'index:ZoneDnssec': [
    keeps(/^status$/, (value) => value === 'active', {
      kind: 'trust-changed',
      consequence: 'whoever answers for the name can lie',
    }),
    missed('trust-changed', 'whoever answers for the name can lie'),
  ],
};
