import { AgentClient } from '@meridian/provider-local/agent-client.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { addressFile } from '@meridian/components/service/service-files.ts';
import { TELEMETRY_BINDING } from '@meridian/language/bindings.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { SERVICE_FILE } from '@meridian/language/process-folder.ts';
import { Injected } from '../../drill/injected.ts';
import { PlatformView } from '../../drill/platform-view.ts';
import type { ProcessStep, StutterStep } from '../../drill/steps/step.ts';
import type { Variant } from './variants.ts';

const SAMPLED_PERCENT: Readonly<Record<Variant, number>> = {
  ...{ off: 100, tenPercent: 10, full: 100, stuck: 100 },
};

/** Longer than any measurement: a pause of which the end is not waited for. */
const STOPPED_MS = 3_600_000;

const READY_WITHIN_MS = 120_000;

/** Makes each of another process than it was, so that what one variant has loaded is not in the next. */
const MARK = 'MERIDIAN_BENCHMARK_OF_TELEMETRY';

/** Makes telemetry of some services be as it is to be measured. Whatever it changes, it or the next start takes back. */
export class TelemetrySwitch implements AsyncDisposable {
  readonly #folders: Folders;
  readonly #injected: Injected;
  readonly #collector: StutterStep;
  readonly #originals: readonly ProcessStep[];
  /** Replicas are of this one; `stuck` has those of `full`. */
  #replicas: Variant | undefined;

  private constructor(
    folders: Folders,
    parts: { injected: Injected; collector: StutterStep; originals: readonly ProcessStep[] },
  ) {
    this.#folders = folders;
    this.#injected = parts.injected;
    this.#collector = parts.collector;
    this.#originals = parts.originals;
  }

  /**
   * @param services whose replicas are on the way of what is measured
   * @throws {CodedError} PLATFORM_NOT_RUNNING, TELEMETRY_ABSENT
   */
  static async open(folders: Folders, services: readonly string[]): Promise<TelemetrySwitch> {
    const injected = await Injected.open(folders);
    await injected.takeBack();
    const view = await PlatformView.open(folders);
    const [found] = view.named(/^collector$/);
    if (found === undefined) throw absent();
    const replicas = services.flatMap((service) => view.replicas(service));
    const originals = await Promise.all(
      replicas.map(async (placed): Promise<ProcessStep> => {
        const original = await view.spec(placed);
        return { kind: 'process', zone: placed.zone, original, changed: original };
      }),
    );
    const processes = [view.identity(found)];
    const pauses = { stoppedMs: STOPPED_MS, runningMs: 0 };
    const collector: StutterStep = { kind: 'stutter', processes, ...pauses };
    return new TelemetrySwitch(folders, { injected, collector, originals });
  }

  async become(variant: Variant): Promise<void> {
    await this.#injected.takeBack([this.#collector]);
    const replicas = variant === 'stuck' ? 'full' : variant;
    if (replicas !== this.#replicas) await this.#replace(replicas);
    this.#replicas = replicas;
    if (variant === 'off' || variant === 'stuck') await this.#injected.apply([this.#collector]);
  }

  async #replace(variant: Variant): Promise<void> {
    await this.#injected.apply(
      this.#originals.map((step) => ({ ...step, changed: specOf(step.original, variant) })),
    );
    await this.#ready();
  }

  async #ready(): Promise<void> {
    await Promise.all(
      this.#originals.map(({ zone, original: { name } }) =>
        new AgentClient(this.#folders, zone).waitUntilReady(name, READY_WITHIN_MS),
      ),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#injected.takeBack();
    await this.#ready();
  }
}

function specOf(original: ProcessSpec, variant: Variant): ProcessSpec {
  const configuration = JSON.parse(original.files[SERVICE_FILE] ?? '{}') as object;
  const sampled = { ...configuration, traceSamplePercent: SAMPLED_PERCENT[variant] };
  const address = variant === 'off' ? { [addressFile(TELEMETRY_BINDING)]: '' } : {};
  return {
    ...original,
    environment: { ...original.environment, [MARK]: variant },
    files: { ...original.files, [SERVICE_FILE]: JSON.stringify(sampled) },
    liveFiles: { ...original.liveFiles, ...address },
  };
}

function absent(): CodedError {
  return new CodedError(
    'TELEMETRY_ABSENT',
    "Benchmark: telemetry must have joined the platform before its cost can be measured, got none; 'npm run status' shows how it stands",
  );
}
