import { ec2, vpc } from '@pulumi/aws';
import type { CustomResourceOptions } from '@pulumi/pulumi';
import type { Cluster } from '../cluster/cluster.ts';
import type { Network } from '../network/network.ts';

/**
 * Declares the security group of an engine, which lets the cluster's nodes and pods in at these ports and nobody else, and
 * lets nothing out.
 */
export function declareEngineAccess(
  name: string,
  ports: readonly number[],
  { network, cluster }: { readonly network: Network; readonly cluster: Cluster },
  options: CustomResourceOptions,
): ec2.SecurityGroup {
  const group = new ec2.SecurityGroup(
    name,
    { vpcId: network.ofCloud.id, description: `Of ${name}: the cluster alone reaches it` },
    options,
  );
  for (const port of ports) {
    new vpc.SecurityGroupIngressRule(
      `${name}-${port}`,
      {
        securityGroupId: group.id,
        referencedSecurityGroupId: cluster.ofCloud.securityGroup,
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
        description: 'Nodes and pods of the cluster',
      },
      options,
    );
  }
  return group;
}
