import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { checkDigest, fillFolder, replaceLink } from './cache.ts';
import type { InstalledEngine, Progress } from './engine.ts';
import { recipeDigest } from './recipe-digest.ts';
import { javaRuntime, withoutJavaOptions } from './java.ts';
import { archiveKafkaClasses, CLASS_ARCHIVE } from './kafka-classes.ts';
import { runMaven } from './maven.ts';
import { run } from './run.ts';
import { engineVersions } from './versions.ts';

/** Our part of the broker's class path, built from `java/` beside the recipe. */
const OWN_JAR = 'meridian-kafka.jar';

/** The compiler is fetched with the jars and is not part of the broker. */
const isCompiler = (jar: string): boolean => jar.startsWith('ecj-');

/**
 * Installs Apache Kafka from Maven Central: the jars that `kafka/jars.sha256` pins, small classes of our
 * own, and a launcher that runs a class with all of them (`bin/kafka`).
 *
 * @param root folder of the program
 */
export async function installKafka(
  root: string,
  cache: string,
  progress: Progress,
): Promise<InstalledEngine> {
  const recipe = path.join(root, 'tools/engines/kafka');
  const version = `${engineVersions.kafka.version}-${recipeDigest(recipe)}`;
  const folder = path.join(cache, 'kafka', version);
  const java = await javaRuntime(cache, progress);
  await fillFolder(folder, async (temporary) => {
    await fetchJars(recipe, path.join(temporary, 'jars'), progress);
    await buildOwnJar(recipe, temporary, path.join(java.home, 'bin/java'), progress);
    writeLauncher(temporary);
    chmodSync(temporary, 0o755);
  });
  // The machine's Java may have moved since; the launcher follows the link.
  if (!existsSync(path.join(folder, 'java/bin/java'))) {
    replaceLink(path.join(folder, 'java'), java.home);
  }
  await archiveKafkaClasses(folder, progress);
  replaceLink(path.join(cache, 'kafka/current'), version);
  return { name: 'kafka', version, folder, source: `Maven Central, with ${java.source}` };
}

async function fetchJars(recipe: string, target: string, progress: Progress): Promise<void> {
  progress.report(`mvn: fetching Kafka ${engineVersions.kafka.version} (48 MB)`);
  await runMaven(
    `Kafka ${engineVersions.kafka.version}`,
    [
      '--file',
      path.join(recipe, 'pom.xml'),
      'dependency:copy-dependencies',
      `-DoutputDirectory=${target}`,
    ],
    progress,
  );
  await checkJars(target, readFileSync(path.join(recipe, 'jars.sha256'), 'utf8'));
}

/** Holds the fetched files against the lock: none missing, none more, none other. */
async function checkJars(folder: string, lock: string): Promise<void> {
  const pinned = new Map(
    lock
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/\s+/))
      .map(([digest = '', file = '']) => [file, digest] as const),
  );
  const unpinned = readdirSync(folder).filter((file) => !pinned.has(file));
  if (unpinned.length > 0) {
    throw new CodedError(
      'CHECKSUM_MISMATCH',
      `Kafka: every jar must be pinned in tools/engines/kafka/jars.sha256, got also ${unpinned.join(', ')}; the registry's metadata has changed. Compare it with pom.xml there.`,
    );
  }
  for (const [file, digest] of pinned) await checkDigest(path.join(folder, file), digest);
}

async function buildOwnJar(
  recipe: string,
  folder: string,
  java: string,
  progress: Progress,
): Promise<void> {
  progress.report('compiling its own classes');
  const jars = readdirSync(path.join(folder, 'jars'));
  const compiler = jars.find(isCompiler);
  if (compiler === undefined) throw new Error('The lock names a compiler, but there is none');
  const classes = path.join(folder, 'classes');
  const inJars = (file: string): string => path.join(folder, 'jars', file);
  await run({
    argv: [
      java,
      '-jar',
      inJars(compiler),
      ...['--release', '17'],
      ...['-classpath', jars.map(inJars).join(path.delimiter)],
      ...['-d', classes, path.join(recipe, 'java')],
    ],
    environment: withoutJavaOptions,
    signal: progress.signal,
  });
  // A jar is a zip archive; the runtime may come without the `jar` command.
  await run({
    argv: ['python3', '-m', 'zipfile', '-c', inJars(OWN_JAR), ...readdirSync(classes)],
    cwd: classes,
    signal: progress.signal,
  });
  rmSync(classes, { recursive: true });
}

/** `bin/kafka [options of java] <class> [arguments]`, on the Java that `java/` links to. */
function writeLauncher(folder: string): void {
  const jars = readdirSync(path.join(folder, 'jars'))
    .filter((jar) => !isCompiler(jar))
    .sort();
  mkdirSync(path.join(folder, 'bin'));
  const script = [
    '#!/bin/sh',
    'path=',
    'home=$(dirname "$(dirname "$(readlink -f "$0")")")',
    `for jar in ${jars.join(' ')}; do path="$path:$home/jars/$jar"; done`,
    `archive=$home/${CLASS_ARCHIVE}`,
    '[ ! -f "$archive" ] || set -- "-XX:SharedArchiveFile=$archive" "$@"',
    'exec "$home/java/bin/java" -cp "${path#:}" "$@"',
    '',
  ].join('\n');
  writeFileSync(path.join(folder, 'bin/kafka'), script, { mode: 0o755 });
}
