import {
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import path from 'node:path';
import { fillFolder } from './cache.ts';
import { unpackDebianPackages } from './debian-packages.ts';
import type { Progress } from './engine.ts';
import { machineJava, withoutJavaOptions } from './java.ts';
import type { JavaRuntime } from './java.ts';
import { run } from './run.ts';
import { engineVersions } from './versions.ts';

/** A module that a runtime lacks which was made for certain programs; Elasticsearch needs it. */
const RARE_MODULE = 'jdk.jlink';

/**
 * A Java with every module: the machine's own if it is new enough and whole, else Debian's, unpacked into
 * the cache.
 */
export async function fullJava(cache: string, progress: Progress): Promise<JavaRuntime> {
  const machine = await machineJava(engineVersions.java.minimumMajor);
  if (machine !== undefined && (await isWhole(machine))) return machine;
  const wanted = engineVersions.elasticsearch.debian;
  const folder = path.join(cache, 'java/debian');
  await fillFolder(folder, async (temporary) => {
    const root = path.join(temporary, 'root');
    mkdirSync(root);
    await unpackDebianPackages(wanted, root, progress);
    adopt(root, temporary);
    rmSync(root, { recursive: true });
    await run({ argv: ['chmod', 'a+rx', temporary], signal: progress.signal });
  });
  return { home: folder, source: `Debian ${wanted.packages[0]}` };
}

async function isWhole({ home }: JavaRuntime): Promise<boolean> {
  const modules = await run({
    argv: [path.join(home, 'bin/java'), '--list-modules'],
    environment: withoutJavaOptions,
  });
  return modules.split('\n').some((line) => line.startsWith(`${RARE_MODULE}@`));
}

/** Moves the runtime out of what Debian's package unpacks to, with its settings, which lie in /etc. */
function adopt(root: string, home: string): void {
  const runtimes = path.join(root, 'usr/lib/jvm');
  const [name] = readdirSync(runtimes, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const [settings] = readdirSync(path.join(root, 'etc')).filter((entry) =>
    entry.startsWith('java-'),
  );
  if (name === undefined || settings === undefined) {
    throw new Error('The Debian package holds no Java');
  }
  for (const entry of readdirSync(path.join(runtimes, name))) {
    renameSync(path.join(runtimes, name, entry), path.join(home, entry));
  }
  renameSync(path.join(root, 'etc', settings), path.join(home, 'etc'));
  for (const entry of readdirSync(home, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) continue;
    const link = path.join(entry.parentPath, entry.name);
    const target = readlinkSync(link);
    if (!target.startsWith(`/etc/${settings}/`)) continue;
    const moved = path.join(home, 'etc', target.slice(`/etc/${settings}/`.length));
    unlinkSync(link);
    symlinkSync(path.relative(entry.parentPath, moved), link);
  }
}
