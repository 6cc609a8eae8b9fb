import { mkdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { checkDigest } from '../../engines/cache.ts';
import { run } from '../../engines/run.ts';
import { STRIMZI } from './sources.ts';

/** Root of Maven Central. */
const REPOSITORY = 'https://repo1.maven.org/maven2/io/strimzi';

/** A jar of Strimzi's on Maven Central. */
export interface StrimziJar {
  readonly artifact: string;
  readonly version: string;
  readonly sha256: string;
}

/**
 * The texts of Strimzi's CustomResourceDefinitions, made by its own generator.
 *
 * @param folder where to work
 * @param java a Java of at least version 21
 * @param classes of which release
 */
export async function strimziDefinitions(
  folder: string,
  java: string,
  classes: StrimziJar = STRIMZI.classes,
): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const jars = [await fetchJar(STRIMZI.generator, folder), await fetchJar(classes, folder)];
  const files = Object.entries(STRIMZI.kinds).map(
    ([kind, type]) => [type, path.join(folder, `${kind}.yaml`)] as const,
  );
  await run({
    argv: [
      java,
      '-cp',
      jars.join(path.delimiter),
      'io.strimzi.crdgenerator.CrdGenerator',
      '--yaml',
      ...files.map(([type, file]) => `io.strimzi.api.kafka.model.${type}=${file}`),
    ],
  });
  return files.map(([, file]) => readFileSync(file, 'utf8'));
}

async function fetchJar(
  { artifact, version, sha256 }: StrimziJar,
  folder: string,
): Promise<string> {
  const name = `${artifact}-${version}.jar`;
  const url = `${REPOSITORY}/${artifact}/${version}/${name}`;
  const response = await fetch(url);
  if (!response.ok) {
    throw new CodedError(
      'COMMAND_FAILED',
      `Jar '${name}': ${url} must answer 200, got ${response.status}; compare the version in tools/generators/manifest-schemas/sources.ts.`,
    );
  }
  const file = path.join(folder, name);
  await writeFile(file, Buffer.from(await response.arrayBuffer()));
  await checkDigest(file, sha256);
  return file;
}
