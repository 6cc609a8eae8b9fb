import { execFile } from 'node:child_process';
import path from 'node:path';
import type { ClusterDrift } from '../../../tools/drift/cluster-drift.ts';
import type { ServiceDrift } from '../../../tools/drift/rollout-drift.ts';
import { programFolder } from '../../../tools/meridian/places.ts';
import { program } from './programs.ts';

/** What `npm run drift` prints, and how it ends. */
export interface FoundDrift extends ClusterDrift {
  readonly exitCode: number;
  readonly services: readonly ServiceDrift[];
}

const MOST_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * What `npm run drift` finds in a cluster, by the kubectl that is on the PATH.
 *
 * @param kubeconfig of whoever asks
 * @param folder of the program that declares
 */
export async function driftOf(kubeconfig: string, folder = programFolder): Promise<FoundDrift> {
  const main = path.join(folder, 'tools/meridian/main.ts');
  const argv = ['--disable-warning=ExperimentalWarning', main, 'drift', '--stack', 'staging'];
  const environment = {
    ...process.env,
    NODE_OPTIONS: '',
    KUBECONFIG: kubeconfig,
    PATH: `${path.dirname(program('kubernetes', 'kubectl'))}:${process.env['PATH'] ?? ''}`,
  };
  return await new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [...argv, '--json'],
      { env: environment, maxBuffer: MOST_OUTPUT_BYTES },
      (error, out, problem) => {
        try {
          const found = JSON.parse(out) as Omit<FoundDrift, 'exitCode'>;
          resolve({ exitCode: error === null ? 0 : Number(error.code), ...found });
        } catch {
          reject(new Error(problem));
        }
      },
    );
  });
}
