import { eks, iam } from '@pulumi/aws';
import { Provider } from '@pulumi/kubernetes';
import { interpolate } from '@pulumi/pulumi';
import type { AwsSettings } from '../aws/aws-settings.ts';
import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesLowering } from '../kubernetes/lowering.ts';
import type { NounLanding } from '../noun-landing.ts';
import type { ClusterLanding } from './cluster.ts';
import { lowerCluster as lowerAnyCluster } from './kubernetes.ts';
import type { KubernetesCluster } from './kubernetes.ts';

/** EKS, and what the platform has in any cluster. */
export interface AwsCluster extends KubernetesCluster {
  readonly version: string;
}

/** Makes the cluster, and in it what the platform has in any. */
function landCluster({ version, steps }: AwsCluster): ClusterLanding {
  return (parent, name, { network }) => {
    const role = new iam.Role(
      name,
      {
        assumeRolePolicy: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'eks.amazonaws.com' },
              Action: ['sts:AssumeRole', 'sts:TagSession'],
            },
          ],
        },
      },
      { parent },
    );
    const cluster = new eks.Cluster(
      name,
      {
        version,
        roleArn: role.arn,
        vpcConfig: { subnetIds: Object.values(network.ofCloud.subnets.private) },
      },
      { parent, protect: true },
    );
    const provider = new Provider(
      name,
      {
        clusterIdentifier: cluster.arn,
        kubeconfig: interpolate`{"apiVersion":"v1","kind":"Config","current-context":"eks","contexts":[{"name":"eks","context":{"cluster":"eks","user":"eks"}}],"clusters":[{"name":"eks","cluster":{"server":"${cluster.endpoint}","certificate-authority-data":"${cluster.certificateAuthority.data}"}}],"users":[{"name":"eks","user":{"exec":{"apiVersion":"client.authentication.k8s.io/v1","command":"aws","args":["eks","get-token","--cluster-name","${cluster.name}"],"interactiveMode":"Never"}}}]}`,
      },
      { parent },
    );
    declarePart({ steps }, { parent, dependsOn: [cluster], provider });
    return {
      cloud: { name: cluster.name, securityGroup: cluster.vpcConfig.clusterSecurityGroupId },
      providers: [provider],
    };
  };
}

/** The cluster of a stack in an account of AWS. */
export function awsCluster({
  aws,
}: AwsSettings): NounLanding<KubernetesLowering, AwsCluster, unknown, ClusterLanding> {
  return {
    lower: (context) => ({ ...lowerAnyCluster(context), version: aws.kubernetesVersion }),
    land: landCluster,
  };
}
