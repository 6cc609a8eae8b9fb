import type {
  CheckResult,
  CreateResult,
  DiffResult,
  Provider,
  ReadResult,
} from '@pulumi/pulumi/provider/index.js';
import { isDeepStrictEqual } from 'node:util';
import { runtime } from '@pulumi/pulumi';
import type { EngineLog } from '@meridian/provider-local/provider/engine-log.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { ClusterApi } from '../api/cluster-api.ts';
import { clusterProblems } from '../check/cluster-problems.ts';
import type { CheckedAccess, ClusterNeeds } from '../resources/cluster-check.ts';

type Properties = Readonly<Record<string, unknown>>;

/** What a check is called: there is one in a cluster. */
const ID = 'cluster';

/** Pulumi's view of a cluster that has to be fit for the program; it only reads. */
export class ClusterProvider implements Provider {
  readonly version: string;
  readonly #log: Pick<EngineLog, 'warn'>;

  constructor(version: string, log: Pick<EngineLog, 'warn'>) {
    this.version = version;
    this.#log = log;
  }

  /**
   * Asked in every preview and update, before anything is made. What is answered as inputs is what the state keeps, so the way to
   * the cluster, which may be secret, is not among it. A cluster that was taken for the same needs before is warned of alone:
   * nobody wants to be kept from a change because a zone is away.
   */
  async check(urn: string, olds: Properties, news: Properties): Promise<CheckResult> {
    const { access, ...inputs } = news;
    const problems = await this.#problems(urn, inputs as unknown as ClusterNeeds, accessOf(access));
    if (!isDeepStrictEqual(olds, inputs)) {
      return { inputs, failures: problems.map((reason) => ({ property: '', reason })) };
    }
    for (const problem of problems) this.#log.warn(urn, problem);
    return { inputs };
  }

  diff(_id: string, _urn: string, olds: Properties, news: Properties): Promise<DiffResult> {
    return Promise.resolve({ changes: !isDeepStrictEqual(olds, news) });
  }

  create(_urn: string, inputs: Properties): Promise<CreateResult> {
    return Promise.resolve({ id: ID, outs: inputs });
  }

  read(id: string, _urn: string, props: Properties): Promise<ReadResult> {
    return Promise.resolve({ id, props, inputs: props });
  }

  update(_id: string, _urn: string, _olds: Properties, news: Properties) {
    return Promise.resolve({ outs: news });
  }

  async delete(): Promise<void> {
    // There is nothing to take away.
  }

  async #problems(
    urn: string,
    needs: ClusterNeeds,
    { mayBeAway, ...access }: Resolved,
  ): Promise<readonly string[]> {
    try {
      await using api = await ClusterApi.open(access);
      return await clusterProblems(api, needs);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      const message = `${error.code}: ${error.message}`;
      if (!mayBeAway) return [message];
      this.#log.warn(urn, `The cluster was not checked. ${message}`);
      return [];
    }
  }
}

/** Without a mark of what is secret: it stays in this process. */
type Resolved = Omit<CheckedAccess, 'kubeconfig'> & { readonly kubeconfig?: string };

function accessOf(given: unknown): Resolved {
  const { context, kubeconfig, mayBeAway } = (revealed(given) ?? {}) as CheckedAccess;
  const file = revealed(kubeconfig);
  return {
    mayBeAway,
    ...(context === undefined ? {} : { context }),
    ...(typeof file === 'string' ? { kubeconfig: file } : {}),
  };
}

function revealed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const isSecret = Reflect.get(value, runtime.specialSigKey) === runtime.specialSecretSig;
  return isSecret ? Reflect.get(value, 'value') : value;
}
