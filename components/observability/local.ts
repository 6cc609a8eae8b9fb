import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { Process } from '@meridian/provider-local/resources/process.ts';
import { SecretFile } from '@meridian/provider-local/resources/secret-file.ts';
import type { LoweringContext } from '../local/lowering.ts';
import type { NounLanding } from '../noun-landing.ts';
import { landAgent, lowerAgent } from '../zones/local.ts';
import type { LocalAgent } from '../zones/local.ts';
import { isTelemetryLanded, TELEMETRY_ZONE } from './local-places.ts';
import { alertmanagerProcess } from './local/alertmanager.ts';
import { collectorProcess } from './local/collector.ts';
import { consoleProcess, consoleUrl } from './local/console.ts';
import { engineMetricsProcess } from './local/engine-metrics.ts';
import { jaegerProcess } from './local/jaeger.ts';
import { lowerPager } from './local/pager.ts';
import { probes } from './local/probe.ts';
import type { LocalProbe } from './local/probe.ts';
import { prometheusProcess } from './local/prometheus.ts';
import { logsSecret, victorialogsProcess } from './local/victorialogs.ts';
import type { ObservabilityLanding } from './observability.ts';
import { probeName } from './probes.ts';
import { CONSOLE_TOKEN } from './watch-programs.ts';

/**
 * A secret of telemetry as the local provider makes it: the password of the logs' store or of a probe's account, or a key
 * of the pager.
 */
export interface TelemetrySecret {
  readonly name: string;
  /** @default 32 */
  readonly bytes?: 16;
}

/** What receives telemetry, in an agent of its own, and what probes the platform, in those of its zones. */
export interface LocalTelemetry {
  readonly agent: LocalAgent;
  readonly secrets: readonly TelemetrySecret[];
  readonly processes: readonly ProcessSpec[];
  readonly probes: readonly LocalProbe[];
  /** Without its token. */
  readonly consoleUrl: string;
}

/** Null where nothing receives telemetry: its engines are not installed, or the stack leaves it out. */
export type LocalObservability = LocalTelemetry | null;

/** The engines of telemetry: stores first. */
export function lowerObservability(context: LoweringContext): LocalObservability {
  if (!isTelemetryLanded(context)) return null;
  const { settings } = context;
  const pager = lowerPager(context);
  return {
    agent: lowerAgent(TELEMETRY_ZONE, settings.leafLifetimeSeconds),
    secrets: [
      { name: logsSecret(settings.passwordGeneration) },
      { name: CONSOLE_TOKEN },
      ...pager.secrets,
      ...context.graph.zones.map(({ name }) => ({ name: probeName(name) })),
    ],
    processes: [
      victorialogsProcess(context),
      jaegerProcess(context),
      pager.process,
      alertmanagerProcess(context),
      prometheusProcess(context),
      engineMetricsProcess(context),
      collectorProcess(context),
      consoleProcess(context),
    ],
    probes: probes(context),
    consoleUrl: consoleUrl(context),
  };
}

/** Runs the engines in an agent of their own, once the platform is up: nobody waits for them. */
export function landObservability(lowered: LocalObservability): ObservabilityLanding {
  return (parent, name, { certificates, edge, zones }) => {
    if (lowered === null) return { consoleUrl: null };
    const host = landAgent(parent, `${name}-agent`, lowered.agent, certificates);
    const secrets = lowered.secrets.map(
      (secret) => new SecretFile(`${name}-${secret.name}`, { ...secret }, { parent }),
    );
    const placed = [
      ...lowered.processes.map((spec) => ({ spec, place: host })),
      ...lowered.probes.map((probe) => ({ spec: probe.process, place: zones.host(probe.zone) })),
    ];
    for (const { spec, place } of placed) {
      new Process(
        `${name}-${spec.name}`,
        { zone: place.zone, spec },
        { parent, dependsOn: [place.resource, ...secrets, edge], deletedWith: place.resource },
      );
    }
    return { consoleUrl: lowered.consoleUrl };
  };
}

/** Telemetry on this machine. */
export const localObservability: NounLanding<
  LoweringContext,
  LocalObservability,
  undefined,
  ObservabilityLanding
> = { lower: lowerObservability, land: landObservability };
