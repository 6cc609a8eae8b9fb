import { replicaCounts } from '@meridian/components/local/replica-count.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { askSnapshot } from '../../telemetry/explain/ask-snapshot.ts';
import { explain as explanationOf } from '../../telemetry/explain/explain.ts';
import type { Explanation, ExplanationState } from '../../telemetry/explain/explain.ts';
import { explanationText } from '../../telemetry/explain/explanation-text.ts';
import { explainSources } from '../../telemetry/explain/store-answers.ts';
import { nextCommand, runbookOf } from '../../telemetry/explain/what-next.ts';
import { openStores } from '../../telemetry/stores/open-stores.ts';
import { declaredStack } from '../declared-stack.ts';
import { localStackSettings } from '../kept-settings.ts';
import { printJson } from '../output/print-json.ts';
import type { Output } from '../output/schemas.ts';
import { localFolders } from '../places.ts';

/** Options of `meridian explain`. */
export interface ExplainOptions {
  readonly json?: boolean;
}

/** 1 is what every command ends with where its user can put something right. */
const EXIT_CODES: Readonly<Record<ExplanationState, number>> = {
  ...{ well: 0, quiet: 0, failing: 2, starting: 3, stale: 3, away: 3 },
};

/**
 * Says what broke first in the last minutes, since when and by which evidence, and what else fails because of it or besides.
 * Ends with 0 where nothing is broken, 2 where something is, and 3 where nobody can tell.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, TELEMETRY_ABSENT, TELEMETRY_REFUSED
 */
export async function explain({ json }: ExplainOptions): Promise<number> {
  const explanation = await explainPlatform(localFolders());
  if (json === true) printJson<'explain'>(toldOf(explanation));
  else process.stdout.write(`${explanationText(explanation, process.stdout.isTTY)}\n`);
  return EXIT_CODES[explanation.state];
}

/**
 * Asks the stores of the platform on this machine what broke first.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, TELEMETRY_ABSENT, TELEMETRY_REFUSED
 */
export async function explainPlatform(folders: Folders): Promise<Explanation> {
  const { graph, settings } = await declaredStack(localStackSettings(folders).all);
  await using stores = await openStores(folders);
  const snapshot = await askSnapshot(graph, explainSources(stores), Date.now());
  return explanationOf(graph, snapshot, {
    replicas: replicaCounts(graph, settings),
    certificateLifetimeSeconds: settings.leafLifetimeSeconds,
  });
}

function toldOf(explanation: Explanation): Output<'explain'> {
  const { atMs, state, first, follows, others, exampleTraceId, unknown } = explanation;
  const next =
    first === null
      ? {}
      : { runbook: `docs/runbooks/${runbookOf(first)}.md`, command: nextCommand(first) };
  return {
    ...{ atMs, state, follows, others, exampleTraceId, unknown },
    first: first === null ? null : { ...first, ...next },
  };
}
