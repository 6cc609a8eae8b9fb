import type { LocalSettings } from '../local/local-settings.ts';
import { lowerLocal } from '../local/lower-local.ts';
import type { LocalStack } from '../local/lower-local.ts';
import type { ProgramSources } from '../service/program-sources.ts';
import { buildGraph } from '../model/build-graph.ts';
import { landed } from '../model/landed.ts';
import type { PlatformProps } from '../model/platform.ts';
import { TELEMETRY_ENGINES } from '../observability/local-places.ts';
import { samplePlatform } from '../model/testing/sample-platform.ts';

export const sampleSettings: LocalSettings = {
  landing: 'local',
  file: 'Pulumi.sample.yaml',
  environment: 'sample',
  trustDomain: samplePlatform.trustDomain,
  rootLifetimeDays: 30,
  passwordGeneration: 1,
  leafLifetimeSeconds: 600,
  zones: samplePlatform.zones,
  portBase: 20_000,
  edgePort: 20_443,
  replicas: {},
  standIns: {},
  telemetry: true,
  postgresArchive: false,
};

export const sampleSources: ProgramSources = {
  version: '1.2.3',
  revisions: { door: 'door-digest', shelf: 'shelf-digest', filler: 'filler-digest' },
  migrations: { 'services/shelf/migrations': 'migrations-digest' },
  installed: { postgres: '15', redis: 'debian', kafka: '4.4.0', envoy: '1.40.0' },
};

/** The same on a machine with the engines of telemetry. */
export const sourcesWithTelemetry: ProgramSources = {
  ...sampleSources,
  installed: {
    ...sampleSources.installed,
    ...Object.fromEntries(TELEMETRY_ENGINES.map((engine) => [engine, `${engine}-version`])),
  },
};

/** The sample platform, or another one, lowered to this machine. */
export function sampleStack(
  settings: Partial<LocalSettings> = {},
  platform: PlatformProps = samplePlatform,
  sources = sampleSources,
): LocalStack {
  return lowerLocal(landed(buildGraph(platform)), { ...sampleSettings, ...settings }, sources);
}
