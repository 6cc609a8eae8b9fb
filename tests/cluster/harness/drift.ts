import { execFile } from 'node:child_process';
import path from 'node:path';
import type { ServiceDrift } from '../../../tools/drift/rollout-drift.ts';
import { programFolder } from '../../../tools/meridian/places.ts';
import { program } from './programs.ts';
import type { TestCluster } from './test-cluster.ts';

/** What `npm run drift` finds in a cluster, by the kubectl that is on the PATH. */
export async function driftOf(cluster: TestCluster): Promise<{
  readonly exitCode: number;
  readonly services: readonly ServiceDrift[];
}> {
  const main = path.join(programFolder, 'tools/meridian/main.ts');
  const argv = ['--disable-warning=ExperimentalWarning', main, 'drift', '--stack', 'staging'];
  const environment = {
    ...process.env,
    NODE_OPTIONS: '',
    KUBECONFIG: cluster.kubeconfig,
    PATH: `${path.dirname(program('kubernetes', 'kubectl'))}:${process.env['PATH'] ?? ''}`,
  };
  return await new Promise((resolve, reject) => {
    execFile(process.execPath, [...argv, '--json'], { env: environment }, (error, out, problem) => {
      try {
        const services = JSON.parse(out) as readonly ServiceDrift[];
        resolve({ exitCode: error === null ? 0 : Number(error.code), services });
      } catch {
        reject(new Error(problem));
      }
    });
  });
}
