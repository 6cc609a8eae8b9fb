import type { InstalledEngine, Progress } from './engine.ts';
import { installGoProgram } from './go-program.ts';
import { engineVersions } from './versions.ts';

const { version, module, kubernetes } = engineVersions.helm;
const [major, minor] = kubernetes.split('.') as [string, string];

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
      // Helm's own Makefile sets the same; without them it takes every cluster for 1.20 offline.
      variables: {
        [`${module}/internal/version.version`]: `v${version}`,
        [`${module}/pkg/chartutil.k8sVersionMajor`]: major,
        [`${module}/pkg/chartutil.k8sVersionMinor`]: minor,
        [`${module}/pkg/lint/rules.k8sVersionMajor`]: major,
        [`${module}/pkg/lint/rules.k8sVersionMinor`]: minor,
      },
      minutes: 2,
    },
    root,
    cache,
    progress,
  );
}
