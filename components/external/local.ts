import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { Process } from '@meridian/provider-local/resources/process.ts';
import { SecretFile, secretFilePath } from '@meridian/provider-local/resources/secret-file.ts';
import { externalBindingName } from '@meridian/language/bindings.ts';
import type { ExternalSecret } from '@meridian/language/bindings.ts';
import {
  STAND_IN_FILE,
  STAND_IN_FILE_VARIABLE,
  STAND_IN_HEALTH_PATH,
} from '@meridian/language/stand-in-configuration.ts';
import type { StandInConfigurationFile } from '@meridian/language/stand-in-configuration.ts';
import { EDGE_ADDRESS, firstZone } from '../local/addresses.ts';
import { bindingFolder, merged } from '../local/binding-folder.ts';
import type { EngineUse, LocalEngine } from '../local/engine.ts';
import type { LoweringContext } from '../local/lowering.ts';
import { standInName } from '../model/external.ts';
import { webhookPath } from '../model/external-nodes.ts';
import type { ExternalNode } from '../model/graph.ts';
import { hostAddress } from '../model/network.ts';
import { canonicalJson } from '../model/serialise.ts';
import { MAX_STAND_IN_SLOT } from '../model/validate/external-problems.ts';
import { NODE_COMMAND } from '../service/service-files.ts';
import { externalBinding, standInParameters, STAND_IN_PARAMETERS } from './external-binding.ts';
import type { ExternalsLanding } from './external.ts';

/** Where stand-ins listen, each at a port of its own. */
const FIRST_PORT_OFFSET = 12;
const PLACE = {
  host: 6,
  ports: Array.from({ length: MAX_STAND_IN_SLOT + 1 }, (_, slot) => FIRST_PORT_OFFSET + slot),
};

/** Certificate by which a stand-in could be known; it is there for the authority that comes with it. */
const IDENTITY_FOLDER = 'tls';

/** What stands in for a system outside the platform, which no machine of a developer has. */
export interface LocalExternal {
  /** Of the system that it stands in for. */
  readonly name: string;
  readonly zone: string;
  readonly uri: string;
  readonly process: ProcessSpec;
  readonly secrets: readonly LocalSecret[];
}

/** A secret as the local provider makes it. */
export interface LocalSecret {
  readonly name: string;
  /** Another number than before puts another secret in front of it. */
  readonly generation: number;
}

/** A stand-in for each system that a landed service talks to. */
export function lowerExternals(context: LoweringContext): readonly LocalExternal[] {
  const { graph, settings } = context;
  return graph.externals.map((external) => ({
    name: external.name,
    zone: firstZone(graph).name,
    uri: uriOf(context, external),
    process: standInProcess(context, external),
    secrets: external.secrets.map((secret) => ({
      name: secretName(external, secret),
      generation: settings.passwordGeneration,
    })),
  }));
}

function standInProcess(context: LoweringContext, external: ExternalNode): ProcessSpec {
  const { sources } = context;
  const name = standInName(external.name);
  const listen = listenOf(context, external);
  return {
    name,
    revision: sources.revisions[name] ?? '',
    command: [...NODE_COMMAND, `\${program}/${external.standIn.entry}`],
    environment: { NODE_ENV: 'production', [STAND_IN_FILE_VARIABLE]: `\${self}/${STAND_IN_FILE}` },
    files: { [STAND_IN_FILE]: canonicalJson(configurationOf(context, external)) },
    liveFiles: {},
    identities: [
      {
        folder: IDENTITY_FOLDER,
        uris: [],
        commonName: name,
        dnsNames: [],
        addresses: [],
        usages: ['client'],
      },
    ],
    // Plain HTTP: it never leaves this machine, and what is sent is worth nothing elsewhere.
    listens: [{ name: 'http', ...listen }],
    readiness: {
      kind: 'http',
      url: `${uriOf(context, external)}${STAND_IN_HEALTH_PATH}`,
      timeoutSeconds: 60,
    },
    stop: { signal: 'SIGTERM', graceSeconds: 10 },
    onRenew: 'none',
    runs: 'always',
    data: true,
  };
}

function configurationOf(
  context: LoweringContext,
  external: ExternalNode,
): StandInConfigurationFile {
  const { graph, settings } = context;
  const path = webhookPath(graph, external);
  return {
    name: standInName(external.name),
    listen: listenOf(context, external),
    dataFolder: '${data:json}',
    secretFiles: Object.fromEntries(
      external.secrets.map((secret) => [
        secret,
        secretFilePath(secretName(external, secret)).replace('${state}', '${state:json}'),
      ]),
    ),
    ...standInParameters(external),
    ...(path === undefined
      ? {}
      : {
          webhooks: {
            url: `https://localhost:${settings.edgePort}${path}`,
            caFile: `\${self:json}/${IDENTITY_FOLDER}/ca.crt`,
            connectTo: { host: EDGE_ADDRESS, port: settings.edgePort },
          },
        }),
    behaviour: settings.standIns[external.name] ?? {},
  };
}

function listenOf({ graph, settings }: LoweringContext, { standIn }: ExternalNode) {
  return {
    address: hostAddress(firstZone(graph).network, PLACE.host),
    port: settings.portBase + FIRST_PORT_OFFSET + standIn.slot,
  };
}

function uriOf(context: LoweringContext, external: ExternalNode): string {
  const { address, port } = listenOf(context, external);
  return `http://${address}:${port}`;
}

function secretName({ name }: ExternalNode, secret: ExternalSecret): string {
  return `${name}-${secret}`;
}

/** Makes the secrets with the local provider, and runs each stand-in in its zone's agent. */
export function landExternals(lowered: readonly LocalExternal[]): ExternalsLanding {
  return (parent, name, { zones }) => {
    for (const { zone, process, secrets } of lowered) {
      const files = secrets.map(
        (secret) => new SecretFile(`${name}-${secret.name}`, { ...secret }, { parent }),
      );
      const host = zones.host(zone);
      new Process(
        process.name,
        { zone: host.zone, spec: process },
        { parent, dependsOn: [host.resource, ...files], deletedWith: host.resource },
      );
    }
    return {
      systems: lowered.map(({ name: external, uri, process }) => ({
        name: external,
        uri,
        standIn: process.name,
      })),
    };
  };
}

/** A binding to each system that a service talks to. */
function useExternals(context: LoweringContext, workload: string): EngineUse {
  const used = context.graph.externals.filter(({ users }) => users.includes(workload));
  return {
    files: merged(
      used.map((external) =>
        bindingFolder(
          externalBindingName(external.name),
          externalBinding(external, uriOf(context, external), STAND_IN_PARAMETERS, (secret) =>
            secretFilePath(secretName(external, secret)),
          ),
        ),
      ),
    ),
    identities: [],
  };
}

/** Systems outside the platform on this machine: something stands in for each of them. */
export const localExternals: LocalEngine<readonly LocalExternal[], ExternalsLanding> = {
  lower: lowerExternals,
  land: landExternals,
  place: PLACE,
  problems: () => [],
  use: useExternals,
};
