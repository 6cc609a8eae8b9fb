import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { SUPPORTED_KUBERNETES } from '@meridian/components/cluster/supported-kubernetes.ts';
import { cacheFolder } from '../../tools/engines/cache.ts';
import { engineVersions } from '../../tools/engines/versions.ts';

/** For which Kubernetes Helm renders and lints: asking no cluster, it takes it for an old one. */
export const FOR_KUBERNETES = ['--kube-version', SUPPORTED_KUBERNETES.newest] as const;

/** A program that reads charts or manifests. */
export type ChartProgram = 'helm' | 'kube-score' | 'kubeconform';

/** How a program ended, and what it printed. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end. It comes from `MERIDIAN_<NAME>_BIN`, which `npm test` sets, else from the
 * engine cache.
 *
 * @param input what it gets on standard input
 */
export function runChartProgram(name: ChartProgram, args: readonly string[], input = ''): Outcome {
  const variable = `MERIDIAN_${name.toUpperCase().replaceAll('-', '_')}_BIN`;
  const folder =
    process.env[variable] ?? path.join(cacheFolder(), name, engineVersions[name].version, 'bin');
  const file = path.join(folder, name);
  if (!existsSync(file))
    throw new Error(`No ${name} at '${file}': run 'npm test', or set ${variable}`);
  const { status, stdout, stderr, error } = spawnSync(file, args, { input, encoding: 'utf8' });
  if (error) throw error;
  return { code: status, stdout, stderr };
}
