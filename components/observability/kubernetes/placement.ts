import { cpuQuantity, memoryQuantity } from '../../kubernetes/quantity.ts';
import { priorityClass } from '../../cluster/priority-classes.ts';
import { ZONE_LABEL } from '../../kubernetes/placed-in-zone.ts';
import { NOBODYS_POD, READ_ONLY_CONTAINER } from '../../kubernetes/restricted.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { partSecret } from './certificates.ts';
import { partPods } from './parts.ts';
import type { TelemetryPart } from './parts.ts';

/** What a program asks for and may use. */
export function resources(cpuMillicores: number, memoryMib: number) {
  return {
    requests: { cpu: cpuQuantity(cpuMillicores), memory: memoryQuantity(memoryMib) },
    limits: { memory: memoryQuantity(memoryMib) },
  };
}

/** Whose pods those of a part are, and where they stand where nodes are short. */
export function standing(graph: Pick<PlatformGraph, 'name'>, part: TelemetryPart) {
  return { podLabels: partPods(part), priorityClassName: priorityClass(graph, 'telemetry') };
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

/** The certificate of a part, as its pods mount it. */
export function partTls(part: TelemetryPart) {
  return {
    volume: secretVolume('telemetry-tls', partSecret(part)),
    mount: { name: 'telemetry-tls', mountPath: TLS_FOLDER, readOnly: true },
  } as const;
}

/** Its files in words of what serves. */
export function servingTls(folder: string) {
  const { ca, certificate, key } = tlsFiles(folder);
  return { cert_file: certificate, key_file: key, client_ca_file: ca };
}

/** Its files in words of what asks. */
export function askingTls(folder: string) {
  const { ca, certificate, key } = tlsFiles(folder);
  return { ca_file: ca, cert_file: certificate, key_file: key };
}

/** Its files as configurations name them. */
export function tlsFiles(folder: string) {
  return {
    ca: `${folder}/ca.crt`,
    certificate: `${folder}/tls.crt`,
    key: `${folder}/tls.key`,
  };
}
