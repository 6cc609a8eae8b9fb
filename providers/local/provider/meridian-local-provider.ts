import type {
  CheckResult,
  CreateResult,
  DiffResult,
  Provider,
  ReadResult,
  UpdateResult,
} from '@pulumi/pulumi/provider/index.js';
import { readFolders } from '../folders.ts';
import type { Folders } from '../folders.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { systemTrouble } from '../machine/system-trouble.ts';
import { asJson } from './bound-handler.ts';
import type { EngineLog } from './engine-log.ts';
import { FailedUpdate } from './failed-update.ts';
import { handlerOf } from './handlers.ts';
import type { Context, Properties } from './resource-handler.ts';
import { Rollouts } from './rollouts.ts';

export interface MeridianLocalProviderOptions {
  /** Version of the package. */
  readonly version: string;
  /** Where the stack's folders are named; see folders.ts. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: EngineLog;
}

/** Pulumi's view of this machine: zone agents, their processes, certificates and databases. */
export class MeridianLocalProvider implements Provider {
  readonly version: string;
  readonly #environment: MeridianLocalProviderOptions['environment'];
  readonly #log: EngineLog;
  readonly #stop = new AbortController();
  /** Pulumi starts a provider for each operation. */
  readonly #rollouts = new Rollouts();
  #folders: Folders | undefined;

  constructor(options: MeridianLocalProviderOptions) {
    this.version = options.version;
    this.#environment = options.environment;
    this.#log = options.log;
  }

  check(urn: string, _olds: Properties, news: Properties): Promise<CheckResult> {
    return reported(() => handlerOf(urn).check(news));
  }

  diff(_id: string, urn: string, olds: Properties, news: Properties): Promise<DiffResult> {
    return reported(() => handlerOf(urn).diff(olds, news));
  }

  create(urn: string, inputs: Properties): Promise<CreateResult> {
    return reported(async () => {
      const context = this.#context(urn);
      const { id, outputs } = await handlerOf(urn).create(inputs, context);
      context.status('');
      return { id, outs: asJson(outputs) };
    });
  }

  read(id: string, urn: string, props: Properties): Promise<ReadResult> {
    return reported(() => handlerOf(urn).read(id, props, this.#context(urn)));
  }

  update(_id: string, urn: string, olds: Properties, news: Properties): Promise<UpdateResult> {
    return reported(async () => {
      const context = this.#context(urn);
      const outputs = await handlerOf(urn).update(olds, news, context);
      context.status('');
      return { outs: asJson(outputs) };
    });
  }

  delete(_id: string, urn: string, props: Properties): Promise<void> {
    return reported(() => handlerOf(urn).delete(props, this.#context(urn)));
  }

  /** Ends every wait; what was under way fails with CANCELLED. */
  cancel(): Promise<void> {
    this.#stop.abort();
    return Promise.resolve();
  }

  #context(urn: string): Context {
    this.#folders ??= readFolders(this.#environment);
    return {
      folders: this.#folders,
      signal: this.#stop.signal,
      status: (message) => this.#log.status(urn, message),
      warn: (message) => this.#log.warn(urn, message),
      rollouts: this.#rollouts,
    };
  }
}

/** A user's error is told by its code and message alone; anything else is a bug and shows its stack. */
async function reported<T>(action: () => T | Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (thrown) {
    if (thrown instanceof FailedUpdate) {
      throw thrown;
    }
    const trouble = systemTrouble(thrown) ?? thrown;
    if (trouble instanceof CodedError) {
      throw new Error(describe(trouble), { cause: thrown });
    }
    throw new Error(
      `meridian-local failed, which is a bug: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`,
      { cause: thrown },
    );
  }
}

/** How an error reads in Pulumi's output: `PORT_TAKEN: Process 'x': …`. */
export function describe(error: CodedError): string {
  return `${error.code}: ${error.message}`;
}
