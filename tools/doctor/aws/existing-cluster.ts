import { DescribeAddonCommand, DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import type { Cluster } from '@aws-sdk/client-eks';
import { failed, passed, unchecked } from '../answer.ts';
import type { Answer, Check } from '../answer.ts';
import type { StackNeeds } from '../stack-needs.ts';
import type { AwsAccess } from './aws-access.ts';

/** What gives pods their roles; without it none gets one. */
const AGENT = 'eks-pod-identity-agent';

/** Whether a cluster that is there is the one that the settings say, and has what pods need; none where the program makes it. */
export function existingClusterChecks(access: AwsAccess, needs: StackNeeds): readonly Check[] {
  const { existingCluster: existing } = needs;
  if (existing === undefined) return [];
  const about = `Cluster '${existing.name}'`;
  return [
    {
      about,
      run: async (signal) => {
        const client = new EKSClient(access);
        const options = { abortSignal: signal };
        try {
          const { cluster = {} } = await client.send(
            new DescribeClusterCommand({ name: existing.name }),
            options,
          );
          return [
            ...answersOf(about, cluster, needs),
            unchecked(
              about,
              'zones, processors and add-ons of its nodes are of its owner, and the cluster says of them what it has when it is deployed to',
            ),
          ];
        } catch (cause) {
          if (!isAbsent(cause)) throw cause;
          return [failed(about, 'must be in this account and region, got none; set cluster')];
        }
      },
    },
    {
      about: `Add-on '${AGENT}'`,
      run: async (signal) => {
        try {
          await new EKSClient(access).send(
            new DescribeAddonCommand({ clusterName: existing.name, addonName: AGENT }),
            { abortSignal: signal },
          );
          return [passed(`Add-on '${AGENT}'`, 'is there')];
        } catch (cause) {
          if (!isAbsent(cause)) throw cause;
          return [
            failed(
              `Add-on '${AGENT}'`,
              `must be in cluster '${existing.name}', as pods have roles of AWS by it; add it`,
            ),
          ];
        }
      },
    },
  ];
}

const isAbsent = (cause: unknown): boolean =>
  cause instanceof Error && cause.name === 'ResourceNotFoundException';

function answersOf(about: string, cluster: Cluster, needs: StackNeeds): readonly Answer[] {
  const { existingCluster: existing, kubernetesVersion, network } = needs;
  const rules: readonly (readonly [
    what: string,
    must: string | undefined,
    got: string | undefined,
  ])[] = [
    ['be in state', 'ACTIVE', cluster.status],
    ['run Kubernetes', kubernetesVersion, cluster.version],
    ['answer at', existing?.endpoint, cluster.endpoint],
    ['have the authority', existing?.certificateAuthority, cluster.certificateAuthority?.data],
    [
      'have the group',
      existing?.securityGroupId,
      cluster.resourcesVpcConfig?.clusterSecurityGroupId,
    ],
    [
      'have Services in',
      existing?.serviceNetwork,
      cluster.kubernetesNetworkConfig?.serviceIpv4Cidr,
    ],
    [
      'be in network',
      'existing' in network ? network.existing.vpcId : '',
      cluster.resourcesVpcConfig?.vpcId,
    ],
  ];
  return rules.map(([what, must, got]) =>
    must === got
      ? passed(about, `does ${what} '${shortened(must)}'`)
      : failed(
          about,
          `must ${what} '${shortened(must)}', got '${shortened(got)}'; set cluster, or kubernetesVersion and network`,
        ),
  );
}

/** An authority is long, and its beginning the same for all. */
function shortened(text = 'nothing'): string {
  return text.length > 120 ? `…${text.slice(-24)}` : text;
}
