import { DescribeAvailabilityZonesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { failed, passed } from '../answer.ts';
import type { Answer, Check } from '../answer.ts';
import type { StackNeeds } from '../stack-needs.ts';
import type { AwsAccess } from './aws-access.ts';

/**
 * Zones, by the numbers that are the same in every account, in which EKS can have no control plane.
 * Source: Amazon EKS User Guide, "Amazon EKS networking requirements for VPC and subnets"
 */
const WITHOUT_EKS: readonly string[] = ['use1-az3', 'usw1-az2', 'cac1-az3'];

/** Whether the zones of the settings are this account's, are zones and not edges of a region, and which they are. */
export function zonesCheck(access: AwsAccess, { zones, region }: StackNeeds): Check {
  return {
    about: `Zones of region '${region}'`,
    run: async (signal) => {
      const answer = await new EC2Client(access).send(
        new DescribeAvailabilityZonesCommand({ AllAvailabilityZones: true }),
        { abortSignal: signal },
      );
      const known = answer.AvailabilityZones ?? [];
      const usable = known
        .filter(({ ZoneType, State }) => ZoneType === 'availability-zone' && State === 'available')
        .map(({ ZoneName = '', ZoneId = '' }) => `${ZoneName} (${ZoneId})`)
        .join(', ');
      return zones.map(({ name, availabilityZone }): Answer => {
        const about = `Zone '${name}'`;
        const fix = `set topologyZones, of ${usable}`;
        const found = known.find(({ ZoneName }) => ZoneName === availabilityZone);
        if (found === undefined) {
          return failed(
            about,
            `must be in a zone of this account, got '${availabilityZone}', which it has not; ${fix}`,
          );
        }
        const {
          ZoneId: id = '',
          ZoneType: type = '',
          State: state = '',
          OptInStatus: opted,
        } = found;
        if (type !== 'availability-zone' || opted === 'not-opted-in') {
          return failed(
            about,
            `must be in an availability zone, got '${availabilityZone}', which is of type '${type}'; ${fix}`,
          );
        }
        if (state !== 'available') {
          return failed(
            about,
            `must be in a zone that is available, got '${availabilityZone}', which is '${state}'; ${fix}`,
          );
        }
        if (WITHOUT_EKS.includes(id)) {
          return failed(
            about,
            `must be in a zone where EKS can be, got '${availabilityZone}', which is '${id}' here; ${fix}`,
          );
        }
        return passed(about, `is '${availabilityZone}', in this account '${id}'`);
      });
    },
  };
}
