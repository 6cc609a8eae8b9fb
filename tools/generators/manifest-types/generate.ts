import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { manifestTypes } from './manifest-types.ts';
import type { SchemaFile } from './manifest-types.ts';

/** Folder of the schemas that manifests are checked against, from the program's root. */
export const SCHEMAS_FOLDER = 'providers/rehearsal/schemas/gen';

/** Folder of the types that manifests are written in, from the program's root. */
export const TYPES_FOLDER = 'components/kubernetes/k8s/gen';

/**
 * The types of manifests, by file, out of the generated schemas; they need no network.
 *
 * @param schemas folder of the schemas
 */
export function typesOfSchemas(schemas: string): Readonly<Record<string, string>> {
  const files = globSync('*.json', { cwd: schemas, exclude: ['index.json'] }).toSorted();
  return manifestTypes(
    Object.fromEntries(
      files.map((file) => [
        path.basename(file, '.json'),
        JSON.parse(readFileSync(path.join(schemas, file), 'utf8')) as SchemaFile,
      ]),
    ),
  );
}

/** Writes them into a folder, from which everything else is removed. */
export function generateManifestTypes(schemas: string, folder: string): void {
  const texts = typesOfSchemas(schemas);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(texts)) writeFileSync(path.join(folder, file), text);
}
