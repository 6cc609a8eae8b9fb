import { priorityClass } from '../../cluster/priority-classes.ts';
import { ZONE_LABEL } from '../../kubernetes/placed-in-zone.ts';
import { NOBODYS_POD, READ_ONLY_CONTAINER } from '../../kubernetes/restricted.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { partPods } from './parts.ts';
import type { TelemetryPart } from './parts.ts';

/** What a program asks for and may use. */
export function resources(cpuMillicores: number, memoryMib: number) {
  return {
    requests: { cpu: `${cpuMillicores}m`, memory: `${memoryMib}Mi` },
    limits: { memory: `${memoryMib}Mi` },
  };
}

/** Where telemetry stands where nodes are short. */
export function telemetryPriority(graph: Pick<PlatformGraph, 'name'>): string {
  return priorityClass(graph, 'telemetry');
}

/** One in each zone before a second in any: what is lost with a zone is one of them. */
export function acrossZones(part: TelemetryPart) {
  return [
    {
      ...apart(part),
      maxSkew: 1,
      whenUnsatisfiable: 'DoNotSchedule',
      nodeTaintsPolicy: 'Honor',
    },
  ];
}

/** Zones, and the pods that should not share one. */
export function apart(part: TelemetryPart) {
  return { topologyKey: ZONE_LABEL, labelSelector: { matchLabels: partPods(part) } };
}

/** For charts that name a user of their own in the container too. */
export const USER = {
  runAsUser: NOBODYS_POD.runAsUser,
  runAsGroup: NOBODYS_POD.runAsGroup,
} as const;

/** Pods of nobody in particular, who change nothing of their image. */
export const POD_SECURITY = NOBODYS_POD;
export const CONTAINER_SECURITY = READ_ONLY_CONTAINER;

/** Where pods of telemetry find the certificate of their part. */
export const TLS_FOLDER = '/run/telemetry/tls';

/** Where the collectors find who they are to services. */
export const IDENTITY_FOLDER = '/run/telemetry/identity';

/** A mounted Secret: owner and group may read it, nobody else. */
export function secretVolume(name: string, secretName: string) {
  return { name, secret: { secretName, defaultMode: 0o440 } };
}

/** Its files as configurations name them. */
export function tlsFiles(folder: string) {
  return {
    ca: `${folder}/ca.crt`,
    certificate: `${folder}/tls.crt`,
    key: `${folder}/tls.key`,
  };
}
