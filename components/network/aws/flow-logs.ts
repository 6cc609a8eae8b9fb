import { cloudwatch, ec2 } from '@pulumi/aws';
import type { CustomResourceOptions, Input } from '@pulumi/pulumi';
import { boundaryArn } from '../../aws/account-names.ts';
import type { AwsSettings } from '../../aws/aws-settings.ts';
import { declareKey, keyOf, usedByLogs } from '../../aws/key.ts';
import type { AwsKey } from '../../aws/key.ts';
import { policyOf, trustOfService } from '../../aws/policy-document.ts';
import { declareRole } from '../../aws/role.ts';
import type { AwsRole } from '../../aws/role.ts';

/** A line for each connection of the network: who, whom, how much, and whether it was let through. */
export interface FlowLogs {
  readonly trafficType: 'ALL';
  readonly retentionDays: number;
  readonly key: AwsKey;
  readonly role: AwsRole;
}

/** What is kept of connections: for as long as all logs of the cloud. */
export function flowLogs({ aws, environment }: AwsSettings): FlowLogs {
  const { account, region, logDays } = aws;
  return {
    trafficType: 'ALL',
    retentionDays: logDays,
    key: keyOf(account, 'Logs of the network', usedByLogs(region, account)),
    role: {
      trust: trustOfService('vpc-flow-logs.amazonaws.com', account),
      boundary: boundaryArn({ account, environment }),
    },
  };
}

/** Declares them for a VPC. */
export function declareFlowLogs(
  name: string,
  vpcId: Input<string>,
  { trafficType, retentionDays, key, role }: FlowLogs,
  options: CustomResourceOptions,
): void {
  const group = new cloudwatch.LogGroup(
    name,
    { retentionInDays: retentionDays, kmsKeyId: declareKey(name, key, options).arn },
    options,
  );
  // Groups are listed by no resource; streams are of this group. Source: Amazon VPC User Guide, "IAM role for publishing flow logs"
  const policy = group.arn.apply((arn) =>
    JSON.stringify(
      policyOf({
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        Resource: [arn, `${arn}:*`],
      }),
    ),
  );
  const { role: writer, complete } = declareRole(name, role, options, policy);
  new ec2.FlowLog(
    name,
    {
      vpcId,
      trafficType,
      iamRoleArn: writer.arn,
      logDestination: group.arn,
      // In seconds: a minute is the shortest, by which an intrusion can be followed while it lasts.
      maxAggregationInterval: 60,
    },
    { ...options, dependsOn: [...complete] },
  );
}
