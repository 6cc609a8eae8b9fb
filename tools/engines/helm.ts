import type { InstalledEngine, Progress } from './engine.ts';
import { installGoProgram } from './go-program.ts';
import { engineVersions } from './versions.ts';

const { version, module } = engineVersions.helm;

/** Builds Helm, which renders, lints and installs the charts. */
export function installHelm(
  root: string,
  cache: string,
  progress: Progress,
): Promise<InstalledEngine> {
  return installGoProgram(
    {
      name: 'helm',
      version,
      module,
      packages: { helm: `${module}/cmd/helm` },
      variables: { [`${module}/internal/version.version`]: `v${version}` },
      minutes: 2,
    },
    root,
    cache,
    progress,
  );
}
