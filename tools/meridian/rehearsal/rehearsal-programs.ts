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
import { programFolder } from '../places.ts';
import type { RehearsalPrograms } from './rehearsal.ts';

/** What a rehearsal runs, installed if need be; what is told of that goes to standard error. */
export async function rehearsalPrograms(): Promise<RehearsalPrograms> {
  return { pulumi: await pulumi(), helm: await helm() };
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
