import type { LocalSettings } from '../local/local-settings.ts';
import type { ZoneNode } from '../model/graph.ts';
import type { ProgramSources } from '../service/program-sources.ts';

/** What receives telemetry runs outside the zones, so that losing one blinds nobody. */
export const TELEMETRY_ZONE: ZoneNode = { name: 'telemetry', network: '127.0.8.0/24' };

/** Where each part listens: its own address, and offsets into the block of ports from 16 on. */
const PLACES = {
  collector: { address: '127.0.8.2', ports: { otlp: 16, health: 17, metrics: 18 } },
  prometheus: { address: '127.0.8.3', ports: { https: 19 } },
  alertmanager: { address: '127.0.8.4', ports: { https: 20 } },
  victorialogs: { address: '127.0.8.5', ports: { https: 21 } },
  jaeger: { address: '127.0.8.6', ports: { otlp: 22, query: 23, 'query-grpc': 24, health: 25 } },
  console: { address: '127.0.8.7', ports: { https: 26 } },
  pager: { address: '127.0.8.8', ports: { http: 27 } },
  'engine-metrics': { address: '127.0.8.9', ports: { metrics: 28, ops: 29 } },
} as const satisfies Readonly<Record<string, TelemetryPlace>>;

interface TelemetryPlace {
  readonly address: string;
  readonly ports: Readonly<Record<string, number>>;
}

/** A part of telemetry that listens. */
export type TelemetryPart = keyof typeof PLACES;

/** An address with a port. */
export interface Listen {
  readonly address: string;
  readonly port: number;
}

/** Where a part of telemetry listens for what. */
export function telemetryListen<Part extends TelemetryPart>(
  { portBase }: Pick<LocalSettings, 'portBase'>,
  part: Part,
  port: keyof (typeof PLACES)[Part]['ports'] & string,
): Listen {
  const { address, ports }: TelemetryPlace = PLACES[part];
  return { address, port: portBase + (ports[port] ?? 0) };
}

/** All offsets into the block of ports that telemetry takes. */
export const TELEMETRY_PORT_OFFSETS: readonly number[] = Object.values(PLACES).flatMap(
  ({ ports }: TelemetryPlace) => Object.values(ports),
);

/** The engines of telemetry, by their folders in the cache. */
export const TELEMETRY_ENGINES = [
  'otelcol',
  'prometheus',
  'alertmanager',
  'victorialogs',
  'jaeger',
] as const;

/** What decides whether anything receives telemetry on this machine. */
interface TelemetryChoice {
  readonly settings: Pick<LocalSettings, 'portBase' | 'telemetry'>;
  readonly sources: Pick<ProgramSources, 'installed'>;
}

/** Whether telemetry is received here: all engines are installed, and the stack does not leave it out. */
export function isTelemetryLanded({ settings, sources }: TelemetryChoice): boolean {
  return (
    settings.telemetry &&
    TELEMETRY_ENGINES.every((engine) => sources.installed[engine] !== undefined)
  );
}

/** Where processes send their traces: the collector, or nobody. */
export function traceReceivers(choice: TelemetryChoice): readonly Listen[] {
  return isTelemetryLanded(choice) ? [telemetryListen(choice.settings, 'collector', 'otlp')] : [];
}
