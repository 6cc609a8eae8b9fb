import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import type { EngineStep } from './engine.ts';
import { replaceLink } from './cache.ts';
import { installGoProgram, type GoProgram } from './go-program.ts';
import { recipeDigest } from './recipe-digest.ts';
import { engineVersions } from './versions.ts';

const { otelcol, prometheus, alertmanager, victorialogs, jaeger } = engineVersions;

/**
 * Clouds' discoveries of targets are left out, most of what Prometheus compiles: locally targets are files, and in a
 * cluster they come from Kubernetes. (README of Prometheus, "Service discovery build tags".)
 */
const DISCOVERIES = ['remove_all_sd', 'enable_kubernetes_sd'];

/** They are built beside a platform that runs; their go.sum is whole, so nothing is looked up. */
const beside = { sealed: true, builds: 'go-beside' } as const;

/** Where Prometheus and Alertmanager learn their version. */
const PROMETHEUS_VERSION = 'github.com/prometheus/common/version.Version';

/** The engines of telemetry: those first that share what they compile. */
function programs(root: string): Readonly<Record<TelemetryEngine, GoProgram>> {
  const recipe = path.join(root, 'tools/engines/otelcol');
  return {
    otelcol: {
      name: 'otelcol',
      module: otelcol.module,
      // Its components are chosen in builder.yaml, not by the version.
      version: `${otelcol.version}-${recipeDigest(recipe)}`,
      packages: { otelcol: '.' },
      tags: DISCOVERIES,
      minutes: 3,
      ...beside,
    },
    prometheus: {
      name: 'prometheus',
      module: prometheus.module,
      version: prometheus.version,
      packages: {
        prometheus: `${prometheus.module}/cmd/prometheus`,
        promtool: `${prometheus.module}/cmd/promtool`,
      },
      variables: { [PROMETHEUS_VERSION]: prometheus.version },
      tags: DISCOVERIES,
      minutes: 2,
      ...beside,
    },
    alertmanager: {
      name: 'alertmanager',
      ...alertmanager,
      packages: {
        alertmanager: `${alertmanager.module}/cmd/alertmanager`,
        amtool: `${alertmanager.module}/cmd/amtool`,
      },
      variables: { [PROMETHEUS_VERSION]: alertmanager.version },
      minutes: 1,
      ...beside,
    },
    victorialogs: {
      name: 'victorialogs',
      ...victorialogs,
      packages: { 'victoria-logs': `${victorialogs.module}/app/victoria-logs` },
      variables: {
        'github.com/VictoriaMetrics/VictoriaMetrics/lib/buildinfo.Version': `victoria-logs-v${victorialogs.version}`,
      },
      minutes: 1,
      ...beside,
    },
    jaeger: {
      name: 'jaeger',
      ...jaeger,
      packages: { jaeger: `${jaeger.module}/cmd/jaeger` },
      variables: { [`${jaeger.module}/internal/version.latestVersion`]: `v${jaeger.version}` },
      minutes: 3,
      ...beside,
    },
  };
}

/** An engine of telemetry, by its folder in the cache. */
export type TelemetryEngine = 'otelcol' | 'prometheus' | 'alertmanager' | 'victorialogs' | 'jaeger';

/** What each is called among people. */
const TITLES: Readonly<Record<TelemetryEngine, string>> = {
  otelcol: 'OpenTelemetry Collector',
  prometheus: 'Prometheus',
  alertmanager: 'Alertmanager',
  victorialogs: 'VictoriaLogs',
  jaeger: 'Jaeger',
};

/** Whether a folder of the cache is that of one of them. */
export function isOfTelemetry(folder: string): boolean {
  return folder in TITLES;
}

/** Titles of those that are not installed, in the order in which they are built. */
export function missingTelemetry(root: string, cache: string): readonly string[] {
  return Object.values(programs(root))
    .filter(({ name, version }) => !isCurrent(path.join(cache, name), version))
    .map(({ name }) => TITLES[name as TelemetryEngine]);
}

function isCurrent(folder: string, version: string): boolean {
  const link = path.join(folder, 'current');
  const found = lstatSync(link, { throwIfNoEntry: false });
  return (
    found?.isSymbolicLink() === true &&
    readlinkSync(link) === version &&
    existsSync(path.join(folder, version))
  );
}

/** The engines of telemetry, built one after the other; the program finds each by its link `current`. */
export function telemetrySteps(root: string, cache: string): readonly EngineStep[] {
  return Object.entries(programs(root)).map(([name, program]) => ({
    title: TITLES[name as TelemetryEngine],
    install: async (progress) => {
      const installed = await installGoProgram(program, root, cache, progress);
      replaceLink(path.join(cache, name, 'current'), program.version);
      return installed;
    },
  }));
}

/** The file of an executable of one of them, whether it is there or not. */
export function telemetryCommand(
  engine: TelemetryEngine,
  executable: string,
  { root, cache }: { readonly root: string; readonly cache: string },
): string {
  return path.join(cache, engine, programs(root)[engine].version, 'bin', executable);
}

/** What of them plays a part here that something else has in a cluster, and why: see ADR 70. */
export const telemetryStandIns = [
  {
    process: 'victorialogs',
    standsInFor: 'Loki',
    summary:
      'logs, found by trace_id; Loki is under the AGPL and is neither fetched nor built here',
  },
  {
    process: 'jaeger',
    standsInFor: 'Tempo',
    summary: 'traces, found by id; Tempo is under the AGPL and is neither fetched nor built here',
  },
  {
    process: 'pager-stand-in',
    standsInFor: 'PagerDuty, and whoever outside misses the heartbeat',
    summary: "speaks PagerDuty's Events API v2, keeps what it was told, and wakes nobody",
  },
  {
    process: 'prometheus, alertmanager',
    standsInFor: "Grafana's alerting",
    summary: 'the same rules; Grafana is under the AGPL and is neither fetched nor built here',
  },
] as const;
