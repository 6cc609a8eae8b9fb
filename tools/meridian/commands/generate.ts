import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../../engines/run.ts';
import { CONTRACTS_IMAGE, writeContractsImage } from '../contracts-image.ts';
import { generateContracts } from '../generated-code.ts';
import { publishedSchemas, SCHEMAS_FOLDER } from '../output/published-schemas.ts';
import { pathGiven } from '../path-given.ts';
import { programFolder } from '../places.ts';

/**
 * Generates code and the edge's OpenAPI document from the contracts, and the schemas of what commands print,
 * in place.
 */
export async function generate(): Promise<number> {
  await generateContracts(programFolder);
  await describeApi();
  const folder = path.join(programFolder, SCHEMAS_FOLDER);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(publishedSchemas())) {
    writeFileSync(path.join(folder, name), text);
  }
  return 0;
}

/** Generates what the edge says of the API, out of the generated code. */
export async function describeApi(): Promise<void> {
  await run({
    argv: [process.execPath, path.join(programFolder, 'services/gateway/openapi/generate.ts')],
    cwd: programFolder,
  });
}

/**
 * Generates the schemas that manifests are checked against, and of these the types that they are written in, in place. It
 * reads the pinned modules of Kubernetes and its operators, so it needs Go, Java and the registries, unlike `generate`.
 */
export async function generateSchemas(): Promise<number> {
  const { generateManifestSchemas } = await import('../../generators/manifest-schemas/generate.ts');
  const {
    generateManifestTypes,
    SCHEMAS_FOLDER: schemas,
    TYPES_FOLDER: types,
  } = await import('../../generators/manifest-types/generate.ts');
  await generateManifestSchemas(path.join(programFolder, schemas), {
    report: (line) => process.stdout.write(`${line}\n`),
    signal: new AbortController().signal,
  });
  generateManifestTypes(path.join(programFolder, schemas), path.join(programFolder, types));
  return 0;
}

/** Options of `npm run generate:clouds`. */
export interface CloudsOptions {
  /** Folder of Terraform's unpacked bindings, from where the user is: its names are generated from there, and nothing else. */
  readonly terraform?: string;
  /** Folder of the sources of Terraform's providers, likewise: what makes another resource is generated from there. */
  readonly replacements?: string;
}

/** Generates what a rehearsal knows of clouds out of the installed packages, in place. */
export async function generateClouds({
  terraform,
  replacements,
}: CloudsOptions = {}): Promise<number> {
  if (terraform !== undefined) {
    const { generateTerraformNames } = await import('../../generators/terraform-names/generate.ts');
    const { TERRAFORM_NAMES_FILE } = await import('../../terraform-plan/terraform-names.ts');
    generateTerraformNames(pathGiven(terraform), path.join(programFolder, TERRAFORM_NAMES_FILE));
    return 0;
  }
  if (replacements !== undefined) {
    const { generateReplacementFacts } =
      await import('../../generators/replacement-facts/generate.ts');
    const { REPLACEMENT_FACTS_FILE } =
      await import('@meridian/provider-rehearsal/clouds/replaced/replacement-facts.ts');
    generateReplacementFacts(
      pathGiven(replacements),
      path.join(programFolder, REPLACEMENT_FACTS_FILE),
    );
    return 0;
  }
  const { CLOUD_SCHEMAS_FOLDER, generateCloudSchemas } =
    await import('../../generators/cloud-schemas/generate.ts');
  generateCloudSchemas(path.join(programFolder, CLOUD_SCHEMAS_FOLDER));
  return 0;
}

/** Keeps the contracts as they are now: from here on `buf breaking` holds later ones against them. */
export async function generateContractsImage(): Promise<number> {
  await writeContractsImage(path.join(programFolder, CONTRACTS_IMAGE));
  return 0;
}

/** Formats every file, in place. */
export async function format(): Promise<number> {
  await run({
    argv: [
      process.execPath,
      path.join(programFolder, 'node_modules/prettier/bin/prettier.cjs'),
      '--write',
      '--log-level=warn',
      '.',
    ],
    cwd: programFolder,
  });
  return 0;
}
