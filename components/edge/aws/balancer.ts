import { createHash } from 'node:crypto';
import { lb, ec2, vpc } from '@pulumi/aws';
import type { CustomResourceOptions, Input, Output } from '@pulumi/pulumi';
import type { AwsSettings } from '../../aws/aws-settings.ts';
import { accessLogBucket } from '../../aws/bucket-names.ts';
import { CLOUDFLARE_NETWORKS } from './cloudflare-addresses.ts';
import { OUTSIDE_PORT } from './outside.ts';

/** What brings connections of Cloudflare to the proxies: it knows no HTTP and ends no TLS. */
export interface EdgeBalancer {
  /** By which the cluster knows where to register proxies. */
  readonly targetGroup: string;
  readonly targets: TargetKind;
  /** Networks from which it takes connections. */
  readonly from: readonly string[];
  readonly port: number;
  /** Bucket in which it writes who came, from the day on which a listener of its ends TLS. */
  readonly accessLog: string;
}

const HTTPS = 443;

/** Seconds that a proxy which leaves keeps the connections that it has. */
const DRAIN_SECONDS = 60;

/**
 * What of a group another one is made for, besides its network.
 * Source: terraform-provider-aws, internal/service/elbv2/target_group.go, ForceNew
 */
interface TargetKind {
  readonly port: number;
  readonly protocol: 'TCP';
  readonly targetType: 'ip';
  readonly ipAddressType: 'ipv4';
}

const TARGETS: TargetKind = {
  port: OUTSIDE_PORT,
  protocol: 'TCP',
  targetType: 'ip',
  ipAddressType: 'ipv4',
};

const DIGEST_LENGTH = 8;

/** What names of groups of proxies begin with, of the one that there is and of the one that takes its place. */
export function targetGroupsOf({ environment }: Pick<AwsSettings, 'environment'>): string {
  return `meridian-${environment}-edge-`;
}

/**
 * Name of the group of proxies, at most 32 characters (Elastic Load Balancing API, CreateTargetGroup). It follows from what another group is made for:
 * AWS deletes none that a listener leads to, so the other one has to be there first, and no two have one name. Source: pulumi-aws issue 4220
 */
export function targetGroupOf(
  settings: Pick<AwsSettings, 'environment'> & {
    readonly aws: Pick<AwsSettings['aws'], 'network'>;
  },
  targets = TARGETS,
): string {
  const { network } = settings.aws;
  const place = 'existing' in network ? network.existing.vpcId : network.cidr;
  const digest = createHash('sha256')
    .update(JSON.stringify([targets, place]))
    .digest('hex');
  return `${targetGroupsOf(settings)}${digest.slice(0, DIGEST_LENGTH)}`;
}

/** What is asked for. */
export function edgeBalancer(settings: AwsSettings): EdgeBalancer {
  return {
    targetGroup: targetGroupOf(settings),
    targets: TARGETS,
    from: CLOUDFLARE_NETWORKS,
    port: HTTPS,
    accessLog: accessLogBucket({
      account: settings.aws.account,
      environment: settings.environment,
    }),
  };
}

/** Where it is made. */
export interface BalancerPlace {
  readonly name: string;
  readonly vpcId: Input<string>;
  readonly subnets: readonly Input<string>[];
  /** Of nodes and pods. */
  readonly pods: Input<string>;
}

/** What others need of it. */
interface DeclaredBalancer {
  /** The name that it has. */
  readonly host: Output<string>;
  /** Without which nothing can be registered there. */
  readonly targets: lb.TargetGroup;
}

/** Declares it, with a group of its own that only Cloudflare gets through. */
export function declareBalancer(
  { name, vpcId, subnets, pods }: BalancerPlace,
  { targetGroup, targets: kind, from, port, accessLog }: EdgeBalancer,
  options: CustomResourceOptions,
): DeclaredBalancer {
  const group = declareGroup({ name, vpcId, pods }, { from, port, targetPort: kind.port }, options);
  const balancer = new lb.LoadBalancer(
    name,
    {
      loadBalancerType: 'network',
      internal: false,
      ipAddressType: 'ipv4',
      subnets: [...subnets],
      securityGroups: [group],
      enableDeletionProtection: true,
      // A zone without a proxy still takes what comes to its address.
      enableCrossZoneLoadBalancing: true,
      enableZonalShift: true,
      // Of a connection that is passed on it writes nothing: who came is in the flow logs, and each request is a line of Envoy. Who ends TLS here one
      // day would have no such line at first, and nobody would think of it. Bootstrap's bucket lets it write already.
      // Source: Elastic Load Balancing, "Enable access logs for your Network Load Balancer" (only if it has a TLS listener)
      accessLogs: { enabled: true, bucket: accessLog },
    },
    { ...options, protect: true },
  );
  const targets = new lb.TargetGroup(
    name,
    {
      name: targetGroup,
      vpcId,
      ...kind,
      // The client's address comes in a header of Cloudflare's; so policies of the network know the balancer by its own.
      preserveClientIp: 'false',
      proxyProtocolV2: false,
      deregistrationDelay: DRAIN_SECONDS,
      connectionTermination: true,
      healthCheck: {
        ...{ protocol: 'TCP', interval: 10, healthyThreshold: 2, unhealthyThreshold: 2 },
      },
    },
    options,
  );
  new lb.Listener(
    name,
    {
      loadBalancerArn: balancer.arn,
      ...{ port, protocol: 'TCP' },
      defaultActions: [{ type: 'forward', targetGroupArn: targets.arn }],
    },
    options,
  );
  return { host: balancer.dnsName, targets };
}

/** A group that lets Cloudflare in and leads to the proxies, whose own lets it in. Gives its number. */
function declareGroup(
  { name, vpcId, pods }: Omit<BalancerPlace, 'subnets'>,
  { from, port, targetPort }: Pick<EdgeBalancer, 'from' | 'port'> & { readonly targetPort: number },
  options: CustomResourceOptions,
): Output<string> {
  const group = new ec2.SecurityGroup(
    name,
    { vpcId, description: 'The edge: HTTPS from Cloudflare, and to the proxies' },
    options,
  );
  for (const network of from) {
    new vpc.SecurityGroupIngressRule(
      `${name}-${network}`,
      {
        ...{ securityGroupId: group.id, description: 'Cloudflare', cidrIpv4: network },
        ...{ ipProtocol: 'tcp', fromPort: port, toPort: port },
      },
      options,
    );
  }
  const toProxies = { ipProtocol: 'tcp', fromPort: targetPort, toPort: targetPort };
  new vpc.SecurityGroupEgressRule(
    name,
    {
      ...{ securityGroupId: group.id, description: 'The proxies' },
      ...{ referencedSecurityGroupId: pods, ...toProxies },
    },
    options,
  );
  new vpc.SecurityGroupIngressRule(
    `${name}-proxies`,
    {
      ...{ securityGroupId: pods, description: 'The edge' },
      ...{ referencedSecurityGroupId: group.id, ...toProxies },
    },
    options,
  );
  return group.id;
}
