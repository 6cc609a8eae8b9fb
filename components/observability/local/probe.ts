import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { secretFilePath } from '@meridian/provider-local/resources/secret-file.ts';
import { IDENTITY_FOLDER } from '@meridian/language/process-folder.ts';
import { PORT_OFFSETS } from '../../local/addresses.ts';
import { bindingFolder } from '../../local/binding-folder.ts';
import type { LoweringContext } from '../../local/lowering.ts';
import type { ZoneNode } from '../../model/graph.ts';
import { hostAddress } from '../../model/network.ts';
import { KIT_ENVIRONMENT } from '../../service/kit-process.ts';
import {
  configurationFile,
  identities,
  metricsIdentity,
  metricsOf,
  NODE_COMMAND,
  processConfiguration,
} from '../../service/service-files.ts';
import { PROBE, PROBE_ENTRY, probeBinding, probeName, probePhase } from '../probes.ts';
import { watchProcess } from './watch-process.ts';

/** Its address in the network of its zone, behind those of engines and systems outside. */
const HOST = 7;

/** It keeps nothing, and asks seldom. */
const HEAP = ['--max-old-space-size=48', '--max-semi-space-size=1'] as const;

/** What asks the platform from a zone, run by the agent of that zone: what it cannot reach its users cannot. */
export interface LocalProbe {
  readonly zone: string;
  readonly process: ProcessSpec;
}

/** The probe of each zone. */
export function probes(context: LoweringContext): readonly LocalProbe[] {
  return context.graph.zones.map((zone) => ({
    zone: zone.name,
    process: probeProcess(context, zone),
  }));
}

function probeProcess(context: LoweringContext, zone: ZoneNode): ProcessSpec {
  const { graph, settings, sources } = context;
  const name = probeName(zone.name);
  const placement = { name, zone: zone.name, address: hostAddress(zone.network, HOST) };
  const ops = { address: placement.address, port: settings.portBase + PORT_OFFSETS.ops };
  const metrics = metricsOf(context, placement);
  const edge = probeBinding({
    uri: `https://localhost:${settings.edgePort}`,
    'ca-file': `${IDENTITY_FOLDER}/ca.crt`,
    'password-file': secretFilePath(name),
  });
  return watchProcess({
    ...{ name, metrics, ops },
    revision: sources.revisions[PROBE] ?? '',
    command: [
      ...[...NODE_COMMAND, ...HEAP, `\${program}/${PROBE_ENTRY}`],
      String(probePhase(graph.zones, zone.name)),
    ],
    environment: KIT_ENVIRONMENT,
    files: {
      ...configurationFile({ ...processConfiguration(context, PROBE, placement), ops, metrics }),
      ...bindingFolder(edge.name, edge.properties),
    },
    identities: [
      // Not for a client: the edge, which asks for none, is all that it may reach.
      ...identities(graph, PROBE, ['server'], []),
      metricsIdentity(graph, PROBE),
    ],
  });
}
