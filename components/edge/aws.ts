import type { AwsSettings } from '../aws/aws-settings.ts';
import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { Manifest } from '../kubernetes/manifest.ts';
import type { NounLanding } from '../noun-landing.ts';
import { declareBalancer, edgeBalancer } from './aws/balancer.ts';
import type { EdgeBalancer } from './aws/balancer.ts';
import { cloudflareEdge, declareCloudflare } from './aws/cloudflare.ts';
import type { CloudflareEdge } from './aws/cloudflare.ts';
import { outsideObjects, outsideTraffic, withOutside } from './aws/outside.ts';
import type { OutsidePlace } from './aws/outside.ts';
import { publicIssuer } from './aws/public-issuer.ts';
import type { EdgeLanding } from './edge.ts';
import { lowerEdge as lowerAnyEdge } from './kubernetes.ts';
import type { KubernetesEdge } from './kubernetes.ts';

/** The proxies, the balancer before them, and Cloudflare before that. */
export interface AwsEdge extends KubernetesEdge {
  readonly balancer: EdgeBalancer;
  readonly cloudflare: CloudflareEdge;
}

/** What a graph needs of it. */
function lowerEdge(context: KubernetesContext, settings: AwsSettings): AwsEdge {
  const { steps, url } = lowerAnyEdge(context);
  const balancer = edgeBalancer(settings);
  const place: OutsidePlace = {
    edge: context.graph.name,
    namespace: settings.namespaces.edge,
    settings,
    targetGroup: balancer.targetGroup,
  };
  const adapted = steps.map((step) => ({
    ...step,
    manifests: (step.manifests ?? []).flatMap((manifest: Manifest): readonly Manifest[] =>
      manifest.kind === 'ClientTrafficPolicy'
        ? [manifest, outsideTraffic(manifest, place)]
        : [withOutside(manifest, place)],
    ),
  }));
  return {
    balancer,
    cloudflare: cloudflareEdge(settings),
    steps: [
      { manifests: [publicIssuer(settings.edge.host)] },
      ...adapted,
      { manifests: outsideObjects(place) },
    ],
    url,
  };
}

/** Declares it from the inside out: the name leads to it when all of it is there. */
function landEdge({ balancer, cloudflare, url, ...part }: AwsEdge): EdgeLanding {
  return (parent, name, { certificates, gateway, network, cluster }) => {
    const options = { parent };
    const behind = declareBalancer(
      {
        name,
        vpcId: network.ofCloud.id,
        subnets: Object.values(network.ofCloud.subnets.public),
        pods: cluster.ofCloud.securityGroup,
      },
      balancer,
      { ...options, dependsOn: [...network.ofCloud.ways.public] },
    );
    const made = declarePart(part, {
      parent,
      dependsOn: [certificates, gateway, behind.targets],
    });
    declareCloudflare(name, cloudflare, behind.host, { ...options, dependsOn: [...made] });
    return { url };
  };
}

/** The edge of a stack in an account of AWS. */
export function awsEdge(
  settings: AwsSettings,
): NounLanding<KubernetesContext, AwsEdge, unknown, EdgeLanding> {
  return { lower: (context) => lowerEdge(context, settings), land: landEdge };
}
