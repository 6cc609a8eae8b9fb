import { createHash } from 'node:crypto';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { secretFilePath } from '@meridian/provider-local/resources/secret-file.ts';
import type { LoweringContext } from '../../local/lowering.ts';
import { canonicalJson, serialiseGraph } from '../../model/serialise.ts';
import { NODE_COMMAND } from '../../service/service-files.ts';
import { telemetryListen } from '../local-places.ts';
import { CONSOLE, CONSOLE_BUILDER, CONSOLE_TOKEN } from '../watch-programs.ts';
import { localRuleSettings } from './rule-settings.ts';
import { hostPort } from './telemetry-process.ts';
import { TELEMETRY_TLS_FOLDER, telemetryIdentity } from './telemetry-tls.ts';
import { LOGS_USER, logsPasswordFile } from './victorialogs.ts';

const CONFIGURATION_FILE = 'console.json';
/** The file with the graph as plain JSON. */
export const GRAPH_FILE = 'graph.json';
const RELEASES_FILE = 'releases.json';

/** It is asked seldom, by few. */
const HEAP = ['--max-old-space-size=64', '--max-semi-space-size=1'] as const;

/** Where people look at the console. */
export function consoleUrl({ settings }: Pick<LoweringContext, 'settings'>): string {
  return `http://${hostPort(telemetryListen(settings, 'console', 'https'))}`;
}

/** The console; what it runs is built before its first start, in a process that ends. */
export function consoleProcess(context: LoweringContext): ProcessSpec {
  const { graph, sources } = context;
  const listen = telemetryListen(context.settings, 'console', 'https');
  const files = {
    [CONFIGURATION_FILE]: canonicalJson(configurationOf(context)),
    [GRAPH_FILE]: serialiseGraph(graph),
  };
  const revision = sources.revisions[CONSOLE] ?? '';
  const state = createHash('sha256').update(revision).update(canonicalJson(files)).digest('hex');
  const built = `\${data}/built-${state.slice(0, 16)}`;
  const configuration = `\${self}/${CONFIGURATION_FILE}`;
  return {
    ...{ name: CONSOLE, revision, files },
    prepare: {
      command: [...NODE_COMMAND, `\${program}/${CONSOLE_BUILDER}`, configuration, built],
      creates: `${built}/main.mjs`,
    },
    command: [...NODE_COMMAND, ...HEAP, `${built}/main.mjs`, configuration],
    environment: { NODE_ENV: 'production' },
    liveFiles: { [RELEASES_FILE]: canonicalJson(releasesOf(context)) },
    identities: [telemetryIdentity(graph, 'console', listen.address)],
    listens: [{ name: 'http', ...listen }],
    readiness: { kind: 'http', url: `${consoleUrl(context)}/health`, timeoutSeconds: 120 },
    stop: { signal: 'SIGTERM', graceSeconds: 10 },
    ...{ onRenew: 'none', runs: 'always', data: true },
  };
}

/** The form that tools/console/server/console-configuration.ts reads. */
function configurationOf({ graph, settings }: LoweringContext): object {
  const json = (text: string): string => text.replace('${state}', '${state:json}');
  const origin = (part: 'prometheus' | 'alertmanager' | 'victorialogs'): string =>
    `https://${hostPort(telemetryListen(settings, part, 'https'))}`;
  return {
    listen: telemetryListen(settings, 'console', 'https'),
    tokenFile: json(secretFilePath(CONSOLE_TOKEN)),
    graphFile: `\${self:json}/${GRAPH_FILE}`,
    releasesFile: `\${self:json}/${RELEASES_FILE}`,
    dataFolder: '${data:json}',
    folders: { state: '${state:json}', cache: '${cache:json}' },
    rules: localRuleSettings({ graph, settings }),
    stores: {
      identityFolder: `\${self:json}/${TELEMETRY_TLS_FOLDER}`,
      logs: { user: LOGS_USER, passwordFile: json(logsPasswordFile(settings.passwordGeneration)) },
      origins: {
        prometheus: origin('prometheus'),
        alertmanager: origin('alertmanager'),
        victorialogs: origin('victorialogs'),
        jaeger: `https://${hostPort(telemetryListen(settings, 'jaeger', 'query'))}`,
      },
    },
  };
}

/** A change of one of these is a release. */
function releasesOf({ graph, sources }: LoweringContext): Readonly<Record<string, string>> {
  return Object.fromEntries(
    graph.services.map(({ name }) => [name, sources.revisions[name] ?? '']),
  );
}
