import { chmodSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { checkDigest, fillFolder, replaceLink } from './cache.ts';
import type { InstalledEngine, Progress } from './engine.ts';
import { fullJava } from './full-java.ts';
import { runMaven } from './maven.ts';
import { run } from './run.ts';
import { engineVersions } from './versions.ts';

const wanted = engineVersions.elasticsearch;

/**
 * Installs Elasticsearch from Maven Central: the distribution that its own integration tests run, which
 * has security and the network, and none of the other modules. It brings no Java: `java/` links to one.
 */
export async function installElasticsearch(
  cache: string,
  progress: Progress,
): Promise<InstalledEngine> {
  const folder = path.join(cache, 'elasticsearch', wanted.version);
  await fillFolder(folder, (temporary) => unpack(temporary, progress));
  const java = await fullJava(cache, progress);
  // The machine's Java may have moved since.
  if (!existsSync(path.join(folder, 'java/bin/java'))) {
    replaceLink(path.join(folder, 'java'), java.home);
  }
  replaceLink(path.join(cache, 'elasticsearch/current'), wanted.version);
  return {
    name: 'elasticsearch',
    version: wanted.version,
    folder,
    source: `Maven Central, with ${java.source}`,
  };
}

async function unpack(folder: string, progress: Progress): Promise<void> {
  progress.report(`mvn: fetching Elasticsearch ${wanted.version} (107 MB)`);
  await runMaven(
    `Elasticsearch ${wanted.version}`,
    [
      'dependency:copy',
      `-Dartifact=${wanted.artifact}:${wanted.version}:zip`,
      `-DoutputDirectory=${folder}`,
    ],
    progress,
  );
  const archive = path.join(folder, `elasticsearch-${wanted.version}.zip`);
  await checkDigest(archive, wanted.sha256);
  progress.report(`unpacking ${path.basename(archive)}`);
  await run({
    argv: ['python3', '-m', 'zipfile', '-e', archive, folder],
    signal: progress.signal,
  });
  rmSync(archive);
  const [top] = readdirSync(folder);
  if (top === undefined) throw new Error('The archive of Elasticsearch holds nothing');
  for (const entry of readdirSync(path.join(folder, top))) {
    renameSync(path.join(folder, top, entry), path.join(folder, entry));
  }
  rmSync(path.join(folder, top), { recursive: true });
  // Unpacking by hand loses the modes of programs.
  for (const program of readdirSync(path.join(folder, 'bin'))) {
    chmodSync(path.join(folder, 'bin', program), 0o755);
  }
  await run({ argv: ['chmod', '-R', 'a+rX', folder], signal: progress.signal });
}
