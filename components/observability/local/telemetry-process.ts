import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import type { LoweringContext } from '../../local/lowering.ts';
import { installedVersion } from '../../service/program-sources.ts';
import type { Listen, TELEMETRY_ENGINES, TelemetryPart } from '../local-places.ts';
import { telemetryIdentity } from './telemetry-tls.ts';

/** Stores read what they kept before they answer. */
const READY_TIMEOUT_SECONDS = 120;

/** What an engine of telemetry is made of, beside what all of them have. */
export interface TelemetryProcess extends Pick<ProcessSpec, 'files' | 'readiness'> {
  readonly part: TelemetryPart;
  readonly engine: (typeof TELEMETRY_ENGINES)[number];
  readonly executable: string;
  readonly arguments: readonly string[];
  /** By their names; the first is its address. */
  readonly listens: Readonly<Record<string, Listen>>;
  /**
   * MiB from which on the collector of garbage of Go programs works harder: well above what the engine needs, or it works all the
   * time. Source: Go, "A Guide to the Go Garbage Collector", memory limit.
   */
  readonly memoryMib: number;
  /** @default none */
  readonly liveFiles?: ProcessSpec['liveFiles'];
  /** Certificates that it keeps for others, beside its own. @default none */
  readonly keeps?: ProcessSpec['identities'];
  /** Runs before it, in its place; see `startedBy`. @default the executable itself */
  readonly startedBy?: readonly string[];
}

/** An engine of telemetry as a process of its agent. */
export function telemetryProcess(
  { graph, sources }: LoweringContext,
  given: TelemetryProcess,
): ProcessSpec {
  const { part, engine, executable, memoryMib } = given;
  const { liveFiles = {}, keeps = [], startedBy = [] } = given;
  const [first] = Object.values(given.listens);
  return {
    name: part,
    revision: installedVersion(sources, engine),
    command: [...startedBy, `\${cache}/${engine}/current/bin/${executable}`, ...given.arguments],
    // They are idle most of the time, beside what is worked on.
    environment: { GOMEMLIMIT: `${memoryMib}MiB`, GOGC: '50' },
    files: given.files,
    liveFiles,
    identities: [telemetryIdentity(graph, part, first?.address ?? ''), ...keeps],
    listens: Object.entries(given.listens).map(([name, listen]) => ({ name, ...listen })),
    readiness: given.readiness,
    stop: { signal: 'SIGTERM', graceSeconds: 30 },
    onRenew: 'none',
    runs: 'always',
    data: true,
  };
}

/** Of a part that is asked over plain HTTP on loopback, which says nothing but that it is well. */
export function plainReadiness({ address, port }: Listen, path = '/'): ProcessSpec['readiness'] {
  return {
    kind: 'http',
    url: `http://${address}:${port}${path}`,
    timeoutSeconds: READY_TIMEOUT_SECONDS,
  };
}

/** Of a part that is asked with its own certificate. */
export function secureReadiness(
  { address, port }: Listen,
  path: string,
  identity: string,
): ProcessSpec['readiness'] {
  return {
    kind: 'https',
    url: `https://${address}:${port}${path}`,
    identity,
    timeoutSeconds: READY_TIMEOUT_SECONDS,
  };
}

/** Where something is reached, as `address:port`. */
export function hostPort({ address, port }: Listen): string {
  return `${address}:${port}`;
}
