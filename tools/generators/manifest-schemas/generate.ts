import {
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
import { cacheFolder } from '../../engines/cache.ts';
import type { Progress } from '../../engines/engine.ts';
import { downloadGoModule } from '../../engines/go-module.ts';
import type { GoModule } from '../../engines/go-module.ts';
import { goCommand } from '../../engines/go-toolchain.ts';
import { javaRuntime } from '../../engines/java.ts';
import { customResourceSchemas } from './custom-resource-schemas.ts';
import { EXTERNAL_SECRETS } from './external-secrets.ts';
import type { Schemas } from './json-schema.ts';
import { kubernetesSchemas } from './kubernetes-schemas.ts';
import { LOAD_BALANCER_CONTROLLER } from './load-balancer-controller.ts';
import { shareRepeated } from './shared-schemas.ts';
import { KUBERNETES, OPERATORS, STRIMZI } from './sources.ts';
import { strimziDefinitions } from './strimzi-definitions.ts';

/** What one generated file holds. */
interface SchemaFile {
  /** Where it is from, with the exact version. */
  readonly source: string;
  /** Schemas by `apiVersion/kind`. */
  readonly kinds: Schemas;
  readonly definitions: Schemas;
}

/**
 * Writes the schemas of all kinds that the platform uses: a file for Kubernetes itself, one for each
 * operator, and an index from kinds to files.
 *
 * @param folder where to write; what else is in it is removed
 */
export async function generateManifestSchemas(folder: string, progress: Progress): Promise<void> {
  const files = await schemaFiles(progress);
  const index = Object.entries(files).flatMap(([name, { kinds }]) =>
    Object.keys(kinds).map((kind) => [kind, name] as const),
  );
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, file] of Object.entries(files)) {
    writeFileSync(path.join(folder, `${name}.json`), linesOf(file));
  }
  writeFileSync(
    path.join(folder, 'index.json'),
    `${JSON.stringify(Object.fromEntries(index.sort()), undefined, 2)}\n`,
  );
}

async function schemaFiles(progress: Progress): Promise<Readonly<Record<string, SchemaFile>>> {
  const go = await goCommand(cacheFolder(), progress);
  const download = async (module: GoModule): Promise<string> => {
    progress.report(`Go module ${module.module}`);
    return await downloadGoModule(go, module);
  };
  const files: Record<string, SchemaFile> = {
    kubernetes: {
      source: sourceOf(KUBERNETES),
      ...kubernetesSchemas(await download(KUBERNETES), KUBERNETES.kinds),
    },
  };
  for (const [name, operator] of Object.entries(OPERATORS)) {
    const folder = await download(operator);
    const texts = operator.definitions.flatMap((place) => yamlTexts(path.join(folder, place)));
    files[name] = {
      source: sourceOf(operator),
      ...shareRepeated(customResourceSchemas(texts, operator.kinds), name),
    };
  }
  return {
    ...files,
    'external-secrets': EXTERNAL_SECRETS,
    'load-balancer-controller': LOAD_BALANCER_CONTROLLER,
    strimzi: await strimziFile(progress),
  };
}

async function strimziFile(progress: Progress): Promise<SchemaFile> {
  progress.report('Strimzi from Maven Central');
  const { home } = await javaRuntime(cacheFolder(), progress, STRIMZI.minimumJava);
  const scratch = mkdtempSync(path.join(tmpdir(), 'meridian-strimzi-'));
  try {
    const texts = await strimziDefinitions(scratch, path.join(home, 'bin/java'));
    const { artifact, version } = STRIMZI.classes;
    const kinds = customResourceSchemas(texts, Object.keys(STRIMZI.kinds));
    const served = Object.entries(kinds).filter(
      ([kind]) => kind.split('/')[1] === STRIMZI.apiVersion,
    );
    return {
      source: `Maven artifact io.strimzi:${artifact}:${version}`,
      ...shareRepeated(Object.fromEntries(served), 'strimzi'),
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function sourceOf({ module, version }: GoModule): string {
  return `Go module ${module} v${version}`;
}

/** The texts of a YAML file, or of those of a folder. */
function yamlTexts(place: string): readonly string[] {
  const files = statSync(place).isDirectory()
    ? readdirSync(place)
        .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
        .sort()
        .map((name) => path.join(place, name))
    : [place];
  return files.map((file) => readFileSync(file, 'utf8'));
}

/** JSON with a line for each kind and definition, so that a difference shows which one it is in. */
function linesOf({ source, kinds, definitions }: SchemaFile): string {
  const lines = (schemas: Schemas): string =>
    Object.entries(schemas)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, schema]) => `${JSON.stringify(name)}:${JSON.stringify(schema)}`)
      .join(',\n');
  return `{"source":${JSON.stringify(source)},\n"kinds":{\n${lines(kinds)}\n},\n"definitions":{\n${lines(definitions)}\n}}\n`;
}
