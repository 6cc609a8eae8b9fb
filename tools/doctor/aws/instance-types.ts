import {
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import type { _InstanceType as InstanceType } from '@aws-sdk/client-ec2';
import type { Architecture } from '@meridian/components/aws/aws-settings.ts';
import { failed, passed } from '../answer.ts';
import type { Answer, Check } from '../answer.ts';
import type { StackNeeds } from '../stack-needs.ts';
import type { AwsAccess } from './aws-access.ts';

/** What EC2 calls the instruction sets. Source: Amazon EC2 API, ProcessorInfo, supportedArchitectures */
const OF_EC2: Readonly<Record<Architecture, string>> = { arm64: 'arm64', amd64: 'x86_64' };

/** Whether nodes can be had in every zone, with processors that run the images; none where there are nodes already. */
export function nodeTypeChecks(
  access: AwsAccess,
  { nodes, zones, architecture }: StackNeeds,
): readonly Check[] {
  if (nodes === undefined) return [];
  const about = `Nodes of type '${nodes.type}'`;
  return [
    {
      about,
      run: async (signal) => {
        const client = new EC2Client(access);
        const options = { abortSignal: signal };
        const { InstanceTypeOfferings: offers = [] } = await client.send(
          new DescribeInstanceTypeOfferingsCommand({
            LocationType: 'availability-zone',
            Filters: [{ Name: 'instance-type', Values: [nodes.type] }],
          }),
          options,
        );
        const places = offers.map(({ Location }) => Location);
        const lacking = zones.filter(({ availabilityZone }) => !places.includes(availabilityZone));
        if (lacking.length > 0) {
          const given = lacking.map(({ availabilityZone }) => `'${availabilityZone}'`).join(', ');
          return [
            failed(
              about,
              `must be offered in every zone, got none in ${given}; set topologyZones or size`,
            ),
          ];
        }
        const { InstanceTypes: [type] = [] } = await client.send(
          new DescribeInstanceTypesCommand({ InstanceTypes: [nodes.type as InstanceType] }),
          options,
        );
        const runs: readonly string[] = type?.ProcessorInfo?.SupportedArchitectures ?? [];
        return [passed(about, 'are offered in every zone'), ofImages(about, runs, architecture)];
      },
    },
  ];
}

function ofImages(about: string, runs: readonly string[], architecture: Architecture): Answer {
  return runs.includes(OF_EC2[architecture])
    ? passed(about, `run images of architecture '${architecture}'`)
    : failed(
        about,
        `must run images of architecture '${architecture}', got processors of '${runs.join("', '")}'; set architecture`,
      );
}
