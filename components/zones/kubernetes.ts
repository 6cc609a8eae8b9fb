import { output } from '@pulumi/pulumi';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { KubernetesZone } from '../kubernetes/kubernetes-settings.ts';
import type { NounLanding } from '../noun-landing.ts';
import type { ZonesLanding } from './zones.ts';

/** The zones of a cluster are labels of its nodes: there is nothing to create. */
export type KubernetesZones = readonly KubernetesZone[];

/** The zones that workloads are spread over. */
export function lowerZones({ settings }: KubernetesContext): KubernetesZones {
  return settings.zones;
}

/** Says where what is placed in a zone goes. */
export function landZones(lowered: KubernetesZones): ZonesLanding {
  return (_parent, _name, { certificates }) => ({
    hosts: Object.fromEntries(
      lowered.map(({ name }) => [name, { resource: certificates, zone: output(name) }]),
    ),
  });
}

/** Zones in a cluster. */
export const kubernetesZones: NounLanding<
  KubernetesContext,
  KubernetesZones,
  unknown,
  ZonesLanding
> = {
  lower: lowerZones,
  land: landZones,
};
