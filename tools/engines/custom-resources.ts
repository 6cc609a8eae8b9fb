import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { OPERATORS, STRIMZI } from '../generators/manifest-schemas/sources.ts';
import type { Operator } from '../generators/manifest-schemas/sources.ts';
import { strimziDefinitions } from '../generators/manifest-schemas/strimzi-definitions.ts';
import type { StrimziJar } from '../generators/manifest-schemas/strimzi-definitions.ts';
import { fillFolder } from './cache.ts';
import type { InstalledEngine, Progress } from './engine.ts';
import { FORMER_OPERATORS, FORMER_STRIMZI } from './former-definitions.ts';
import { downloadGoModule } from './go-module.ts';
import { goCommand } from './go-toolchain.ts';
import { javaRuntime } from './java.ts';

const STRIMZI_FOLDER = 'strimzi';

/** The folder of those from which docs/upgrades.md leads to the pinned ones. */
const FORMER_FOLDER = 'former';

/** The operators that have a folder each. */
export const customResourceOperators = [...Object.keys(OPERATORS), STRIMZI_FOLDER];

/** The operators that have another folder below `former`, of what was pinned before. */
export const formerOperators = [...Object.keys(FORMER_OPERATORS), STRIMZI_FOLDER];

/** The folder of an operator's CustomResourceDefinitions as they were pinned before. */
export function formerDefinitions(cache: string, operator: string): string {
  return path.join(customResourcesFolder(cache), FORMER_FOLDER, operator);
}

/** The folder of the cache that has a folder for each operator; another pin is another folder. */
export function customResourcesFolder(cache: string): string {
  return path.join(cache, 'custom-resources', version());
}

function version(): string {
  const pins = JSON.stringify([OPERATORS, STRIMZI, FORMER_OPERATORS, FORMER_STRIMZI]);
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
      const former = path.join(temporary, FORMER_FOLDER);
      mkdirSync(former, { mode: 0o755 });
      await copyFromModules(OPERATORS, temporary, { cache, progress });
      await copyFromModules(FORMER_OPERATORS, former, { cache, progress });
      await writeStrimzi(STRIMZI.classes, temporary, { cache, progress });
      await writeStrimzi(FORMER_STRIMZI, former, { cache, progress });
      for (const folder of [former, temporary]) chmodSync(folder, 0o755);
    });
  }
  return {
    name: 'custom-resources',
    version: version(),
    folder,
    source: "the operators' modules",
  };
}

interface Installation {
  readonly cache: string;
  readonly progress: Progress;
}

async function copyFromModules(
  operators: Readonly<Record<string, Omit<Operator, 'kinds'>>>,
  target: string,
  { cache, progress }: Installation,
): Promise<void> {
  const go = await goCommand(cache, progress);
  for (const [operator, source] of Object.entries(operators)) {
    progress.report(`Go module ${source.module}`);
    const module = await downloadGoModule(go, source);
    const folder = path.join(target, operator);
    mkdirSync(folder, { mode: 0o755 });
    for (const place of source.definitions) copyYaml(path.join(module, place), folder);
  }
}

async function writeStrimzi(
  classes: StrimziJar,
  target: string,
  { cache, progress }: Installation,
): Promise<void> {
  progress.report('Strimzi from Maven Central');
  const { home } = await javaRuntime(cache, progress, STRIMZI.minimumJava);
  const scratch = mkdtempSync(path.join(tmpdir(), 'meridian-strimzi-'));
  const folder = path.join(target, STRIMZI_FOLDER);
  mkdirSync(folder, { mode: 0o755 });
  try {
    const texts = await strimziDefinitions(scratch, path.join(home, 'bin/java'), classes);
    for (const [index, text] of texts.entries()) {
      const file = path.join(folder, `${index + 1}.yaml`);
      writeFileSync(file, onlyVersion(STRIMZI.apiVersion, text), { mode: 0o644 });
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A definition that serves and stores one version, as Strimzi's have since 1.0. */
function onlyVersion(version: string, text: string): string {
  const definition = parse(text) as {
    readonly spec: { readonly versions: readonly { readonly name: string }[] };
  };
  const versions = definition.spec.versions
    .filter(({ name }) => name === version)
    .map((each) => ({ ...each, served: true, storage: true }));
  return stringify({ ...definition, spec: { ...definition.spec, versions } });
}

/** Copies a YAML file, or those of a folder. */
function copyYaml(place: string, target: string): void {
  const files = statSync(place).isDirectory()
    ? readdirSync(place)
        .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
        .map((name) => path.join(place, name))
    : [place];
  for (const file of files) {
    // Labels of some are filled in by the chart that they are a part of.
    const text = readFileSync(file, 'utf8').replaceAll(/'?\{\{[^}]*\}\}'?/g, 'chart');
    writeFileSync(path.join(target, path.basename(file)), text, { mode: 0o644 });
  }
}
