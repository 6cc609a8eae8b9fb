import { printJson } from '../output/print-json.ts';
import { programFolder } from '../places.ts';
import { providePackages } from '../../review/packages/provide-packages.ts';
import { reviewCache } from '../../review/review-cache.ts';
import { layOutTree } from '../../review/trees/lay-out-tree.ts';
import { clusterStack } from '../cluster-stack.ts';
import { previewReport } from '../rehearsal/preview-report.ts';
import { previewText } from '../rehearsal/preview-text.ts';
import type { ProtectedResource } from '../rehearsal/protected-data.ts';
import { Rehearsal } from '../rehearsal/rehearsal.ts';
import { rehearsalPrograms } from '../rehearsal/rehearsal-programs.ts';
import type { Settings } from '../stack-config.ts';

/** The status with which a preview ends that shows a broken rule. */
const RULES_BROKEN = 1;

/** What to rehearse, and how to tell of it. */
export interface RehearsedPreviewOptions {
  readonly stack: string;
  /** A revision to hold the program against. */
  readonly base?: string;
  readonly json?: boolean;
  readonly config?: Settings;
}

/**
 * Shows what a deployment to a cluster would change, without one: Pulumi's own engine runs the program
 * against providers that rehearse.
 *
 * @throws {CodedError} REHEARSAL_REFUSED, and what clusterStack, layOutTree and providePackages throw
 */
export async function previewRehearsed(options: RehearsedPreviewOptions): Promise<number> {
  const { stack, base, json = false, config = {} } = options;
  // What is refused here needs no engine, which takes longer to begin than all else.
  await clusterStack(stack, config);
  const rehearsal = await Rehearsal.create(stack, await rehearsalPrograms());
  try {
    const held = base === undefined ? undefined : await deployBase(rehearsal, base);
    const events = await rehearsal.run('preview', { folder: programFolder, settings: config });
    const report = previewReport(events, { stack, ...held });
    if (json) printJson<'preview'>(report);
    else process.stdout.write(previewText(report));
    return report.brokenRules.length === 0 ? 0 : RULES_BROKEN;
  } finally {
    rehearsal.remove();
  }
}

/** What a program is held against. */
interface Base {
  /** Its commit. */
  readonly base: string;
  readonly protectedResources: readonly ProtectedResource[];
}

async function deployBase(rehearsal: Rehearsal, revision: string): Promise<Base> {
  const cache = reviewCache();
  const tree = await layOutTree(programFolder, revision, cache);
  const { folder, commit } = tree;
  await providePackages(tree, programFolder, cache);
  await rehearsal.run('up', { folder });
  return { base: commit, protectedResources: await rehearsal.unprotect({ folder }) };
}
