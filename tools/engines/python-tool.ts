import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { fillFolder } from './cache.ts';
import type { EngineStep, InstalledEngine, Progress } from './engine.ts';
import { byPip } from './python-package.ts';
import { run } from './run.ts';

/** A program of PyPI's with everything that it imports. */
export interface PythonTool {
  /** Of the package, the command and the folder below tools/engines with requirements.txt. */
  readonly name: string;
  readonly version: string;
  /** Those for which that file has wheels. */
  readonly pythons: readonly string[];
  /** What Python runs. */
  readonly module: string;
  /** What installs it, for its messages: 'npm test -- schemathesis'. */
  readonly installedBy: string;
}

/** Where the tool's command is once it is installed. */
export function pythonToolCommand({ name, version }: PythonTool, cache: string): string {
  return path.join(cache, name, version, 'bin', name);
}

/** @param root folder of the clone */
export function pythonToolStep(
  title: string,
  tool: PythonTool,
  root: string,
  cache: string,
): EngineStep {
  return { title, install: (progress) => installPythonTool(tool, root, cache, progress) };
}

/**
 * Installs a tool with everything it imports by the ordinary pip, each wheel held against its checksum in
 * tools/engines/<tool>/requirements.txt. Some hold machine code for one version of Python, so that there is
 * a folder of them for each version that was found.
 *
 * @throws {CodedError} CLIENT_MISSING without pip, ENGINE_TOO_OLD with a Python that has no wheels there
 */
async function installPythonTool(
  tool: PythonTool,
  root: string,
  cache: string,
  progress: Progress,
): Promise<InstalledEngine> {
  const { name, version } = tool;
  const python = await pythonVersion(tool, progress);
  const folder = path.join(cache, name, version);
  await fillFolder(path.join(folder, `python${python}`), async (temporary) => {
    progress.report(`pip install ${name}==${version}`);
    await byPip(`${name} ${version}`, () =>
      run({
        argv: [
          'python3',
          ...['-m', 'pip', 'install', '--disable-pip-version-check', '--quiet'],
          ...['--root-user-action=ignore', '--no-deps', '--only-binary=:all:', '--require-hashes'],
          ...['--target', temporary],
          ...['--requirement', path.join(root, `tools/engines/${name}/requirements.txt`)],
        ],
        signal: progress.signal,
      }),
    );
    // Its commands name the Python of whoever installs, which others may not be able to run.
    rmSync(path.join(temporary, 'bin'), { recursive: true });
    chmodSync(temporary, 0o755);
  });
  // Once, as the rest: whoever uses a cache need not be allowed to write there.
  await fillFolder(path.dirname(pythonToolCommand(tool, cache)), (temporary) => {
    const launcher = path.join(temporary, name);
    writeFileSync(launcher, launchScript(tool));
    chmodSync(launcher, 0o755);
    chmodSync(temporary, 0o755);
    return Promise.resolve();
  });
  return { name, version, folder, source: `PyPI, for Python ${python}` };
}

/** The version of the Python at hand, such as 3.11. */
async function pythonVersion(
  { name, version, pythons }: PythonTool,
  progress: Progress,
): Promise<string> {
  const found = await byPip(`${name} ${version}`, () =>
    run({
      argv: ['python3', '-c', 'import sys; print("%d.%d" % sys.version_info[:2])'],
      signal: progress.signal,
    }),
  );
  const python = found.trim();
  if (pythons.includes(python)) return python;
  throw new CodedError(
    'ENGINE_TOO_OLD',
    `Client 'python3': must be of ${pythons.join(', ')} to run ${name}, got ${python}; put one of those first on the PATH, or add its wheels to tools/engines/${name}/requirements.txt.`,
  );
}

/** Runs the tool for the Python at hand, and says so if it was installed for another. */
function launchScript({ name, module, installedBy }: PythonTool): string {
  return `#!/bin/sh
home=$(dirname "$(dirname "$(readlink -f "$0")")")
python=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])') || exit 127
if [ ! -d "$home/python$python" ]; then
  echo "${name} is not installed for Python $python, only for $(cd "$home" && echo python*): ${installedBy} installs it" >&2
  exit 127
fi
PYTHONPATH="$home/python$python" PYTHONDONTWRITEBYTECODE=1 exec python3 -s -m ${module} "$@"
`;
}
