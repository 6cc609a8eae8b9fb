import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { SUPPORTED_KUBERNETES } from '@meridian/components/cluster/supported-kubernetes.ts';
import { CHARTS_FOLDER } from '@meridian/components/kubernetes/chart-archive.ts';
import type { Helm } from '@meridian/provider-rehearsal/provider/helm-template.ts';
import { cacheFolder, isExecutable } from '../../engines/cache.ts';
import type { InstalledEngine } from '../../engines/engine.ts';
import { installHelm } from '../../engines/helm.ts';
import { installPulumi } from '../../engines/pulumi.ts';
import { engineVersions } from '../../engines/versions.ts';
import { installEngines } from '../installation.ts';
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
  const rehearsal = await Rehearsal.create(stack, { pulumi: await pulumi(), helm: await helm() });
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
  const { folder, commit } = await layOutTree(programFolder, revision, cache);
  await providePackages(folder, programFolder, cache);
  await rehearsal.run('up', { folder });
  return { base: commit, protectedResources: await rehearsal.unprotect({ folder }) };
}

/** The only engine that a rehearsal needs; standard output belongs to the preview. */
async function pulumi(): Promise<InstalledEngine> {
  const cache = cacheFolder();
  const binary = path.join(cache, 'pulumi/versions', engineVersions.pulumi.version, 'bin/pulumi');
  if (isExecutable(binary)) {
    const { signal } = new AbortController();
    return await installPulumi(programFolder, cache, { signal, report: () => undefined });
  }
  process.stderr.write('Installing Pulumi (some minutes where it has to be built)\n');
  const { pulumi: installed } = await installEngines({ quiet: true, only: ['Pulumi'] });
  if (installed === undefined) throw new Error('the installation ended well but without Pulumi');
  return installed;
}

/** What renders charts of others, where any are kept. */
async function helm(): Promise<Helm | undefined> {
  const folder = path.join(programFolder, CHARTS_FOLDER);
  if (!existsSync(folder) || readdirSync(folder).length === 0) return undefined;
  const { signal } = new AbortController();
  const installed = await installHelm(programFolder, cacheFolder(), {
    signal,
    report: (text) => process.stderr.write(`Building Helm: ${text}\n`),
  });
  return {
    file: path.join(installed.folder, 'bin/helm'),
    kubernetes: SUPPORTED_KUBERNETES.newest,
  };
}
