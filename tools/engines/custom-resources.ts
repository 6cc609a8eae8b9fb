import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OPERATORS, STRIMZI } from '../generators/manifest-schemas/sources.ts';
import { strimziDefinitions } from '../generators/manifest-schemas/strimzi-definitions.ts';
import { fillFolder } from './cache.ts';
import type { InstalledEngine, Progress } from './engine.ts';
import { downloadGoModule } from './go-module.ts';
import { goCommand } from './go-toolchain.ts';
import { javaRuntime } from './java.ts';

const STRIMZI_FOLDER = 'strimzi';

/** The operators that have a folder each. */
export const customResourceOperators = [...Object.keys(OPERATORS), STRIMZI_FOLDER];

/** The folder of the cache that has a folder for each operator; another pin is another folder. */
export function customResourcesFolder(cache: string): string {
  return path.join(cache, 'custom-resources', version());
}

function version(): string {
  const pins = JSON.stringify([OPERATORS, STRIMZI]);
  return createHash('sha256').update(pins).digest('hex').slice(0, 12);
}

/**
 * Collects the CustomResourceDefinitions of the operators: most are copied out of Go modules, of which
 * nothing is built or run for that.
 */
export async function installCustomResources(
  cache: string,
  progress: Progress,
): Promise<InstalledEngine> {
  const folder = customResourcesFolder(cache);
  if (!existsSync(folder)) {
    await fillFolder(folder, async (temporary) => {
      for (const operator of customResourceOperators) {
        mkdirSync(path.join(temporary, operator), { mode: 0o755 });
      }
      await copyFromModules(temporary, cache, progress);
      await writeStrimzi(path.join(temporary, STRIMZI_FOLDER), cache, progress);
      chmodSync(temporary, 0o755);
    });
  }
  return {
    name: 'custom-resources',
    version: version(),
    folder,
    source: "the operators' modules",
  };
}

async function copyFromModules(target: string, cache: string, progress: Progress): Promise<void> {
  const go = await goCommand(cache, progress);
  for (const [operator, source] of Object.entries(OPERATORS)) {
    progress.report(`Go module ${source.module}`);
    const module = await downloadGoModule(go, source);
    for (const place of source.definitions) {
      copyYaml(path.join(module, place), path.join(target, operator));
    }
  }
}

async function writeStrimzi(target: string, cache: string, progress: Progress): Promise<void> {
  progress.report('Strimzi from Maven Central');
  const { home } = await javaRuntime(cache, progress, STRIMZI.minimumJava);
  const scratch = mkdtempSync(path.join(tmpdir(), 'meridian-strimzi-'));
  try {
    const texts = await strimziDefinitions(scratch, path.join(home, 'bin/java'));
    for (const [index, text] of texts.entries()) {
      writeFileSync(path.join(target, `${index + 1}.yaml`), text, { mode: 0o644 });
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Copies a YAML file, or those of a folder. */
function copyYaml(place: string, target: string): void {
  const files = statSync(place).isDirectory()
    ? readdirSync(place)
        .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
        .map((name) => path.join(place, name))
    : [place];
  for (const file of files) {
    const copy = path.join(target, path.basename(file));
    copyFileSync(file, copy);
    // Files of a module may be read-only.
    chmodSync(copy, 0o644);
  }
}
