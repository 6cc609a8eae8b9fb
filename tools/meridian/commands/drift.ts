import { CodedError } from '@meridian/language/coded-error.ts';
import { releaseIn } from '@meridian/components/service/kubernetes/service-part.ts';
import { rolloutDrift } from '../../drift/rollout-drift.ts';
import type { ObservedRollout } from '../../drift/rollout-drift.ts';
import { CommandMissingError, run } from '../../engines/run.ts';
import { clusterStack } from '../cluster-stack.ts';
import { printJson } from '../output/print-json.ts';
import { table } from '../table.ts';

/** Options of `npm run drift`. */
export interface DriftOptions {
  readonly stack: string;
  /** Of the kubeconfig. @default the current one */
  readonly context?: string;
  readonly json?: boolean;
}

/**
 * Holds what a cluster runs of each service against the release that this folder would deploy: an
 * aborted release is in Pulumi's state and does not run. The exit code is 0 only without a difference.
 *
 * @throws {CodedError} STACK_UNKNOWN, STACK_WITHOUT_CHARTS, SETTINGS_INVALID, GRAPH_INVALID,
 *   PINS_INVALID, DECLARED_FILE_MISSING, OBJECTS_INVALID, CLIENT_MISSING, COMMAND_FAILED
 */
export async function drift({ stack, context, json }: DriftOptions): Promise<number> {
  const { graph, lowered } = await clusterStack(stack);
  const releases = new Map(
    Object.entries(lowered.serviceParts).map(([name, part]) => [name, releaseIn(part)]),
  );
  const services = rolloutDrift(releases, await readRollouts(graph.namespace, context));
  const rows = services.map(({ service, drift: found, detail }) => [service, found, detail]);
  if (json === true) printJson<'drift'>(services);
  else process.stdout.write(`${table(['SERVICE', 'DRIFT', 'DETAIL'], rows)}\n`);
  const differ = services.filter(({ drift: found }) => found !== 'none');
  if (differ.length > 0 && json !== true) {
    process.stdout.write('What to do is in docs/runbooks/rollout-aborted.md\n');
  }
  return differ.length === 0 ? 0 : 1;
}

async function readRollouts(
  namespace: string,
  context: string | undefined,
): Promise<readonly ObservedRollout[]> {
  const chosen = context === undefined ? [] : [`--context=${context}`];
  try {
    const answer = await run({
      argv: [
        'kubectl',
        'get',
        'rollouts.argoproj.io',
        `--namespace=${namespace}`,
        '--output=json',
        ...chosen,
      ],
    });
    return (JSON.parse(answer) as { readonly items: readonly ObservedRollout[] }).items;
  } catch (cause) {
    if (!(cause instanceof CommandMissingError)) throw cause;
    throw new CodedError(
      'CLIENT_MISSING',
      "Command 'kubectl': must be on the PATH, got none; install it (https://kubernetes.io/docs/tasks/tools), with a kubeconfig of the cluster",
      { cause },
    );
  }
}
