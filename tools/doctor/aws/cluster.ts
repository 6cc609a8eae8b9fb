import {
  DescribeAddonVersionsCommand,
  DescribeClusterVersionsCommand,
  EKSClient,
} from '@aws-sdk/client-eks';
import { failed, passed } from '../answer.ts';
import type { Check } from '../answer.ts';
import type { StackNeeds } from '../stack-needs.ts';
import type { AwsAccess } from './aws-access.ts';

/** Whether EKS has the version, and for it the add-ons that are pinned. */
export function clusterChecks(access: AwsAccess, needs: StackNeeds): readonly Check[] {
  return [
    versionCheck(access, needs),
    ...needs.addons.map((addon) => addonCheck(access, needs, addon)),
  ];
}

function versionCheck(access: AwsAccess, { kubernetesVersion }: StackNeeds): Check {
  const about = `Kubernetes ${kubernetesVersion}`;
  return {
    about,
    run: async (signal) => {
      const { clusterVersions: versions = [] } = await new EKSClient(access).send(
        new DescribeClusterVersionsCommand({ includeAll: true }),
        { abortSignal: signal },
      );
      const found = versions.find(({ clusterVersion }) => clusterVersion === kubernetesVersion);
      const state = found?.versionStatus ?? found?.status?.toUpperCase().replaceAll('-', '_');
      if (state === 'STANDARD_SUPPORT') return [passed(about, 'is in standard support')];
      const usable = versions
        .filter(({ versionStatus }) => versionStatus === 'STANDARD_SUPPORT')
        .map(({ clusterVersion }) => clusterVersion)
        .join(', ');
      return [
        failed(
          about,
          `must be in standard support, got '${state ?? 'not there'}'; set kubernetesVersion, EKS has ${usable}`,
        ),
      ];
    },
  };
}

function addonCheck(
  access: AwsAccess,
  { kubernetesVersion }: StackNeeds,
  { name, version }: StackNeeds['addons'][number],
): Check {
  const about = `Add-on '${name}'`;
  return {
    about,
    run: async (signal) => {
      const { addons = [] } = await new EKSClient(access).send(
        new DescribeAddonVersionsCommand({ addonName: name, kubernetesVersion }),
        { abortSignal: signal },
      );
      const offered = addons.flatMap(({ addonVersions = [] }) =>
        addonVersions.map(({ addonVersion = '' }) => addonVersion),
      );
      return [
        offered.includes(version)
          ? passed(about, `has ${version} for Kubernetes ${kubernetesVersion}`)
          : failed(
              about,
              `must have ${version} for Kubernetes ${kubernetesVersion}, got ${offered.slice(0, 5).join(', ') || 'none'}; change components/cluster/aws/addons.ts`,
            ),
      ];
    },
  };
}
