import { UNRESOLVED } from '@meridian/components/kubernetes/manifest.ts';
import { renderCharts, renderManifests } from '@meridian/components/kubernetes/render-stack.ts';
import { partsOf } from '@meridian/components/kubernetes/parts-of.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { terraformNames } from '../../terraform-plan/terraform-names.ts';
import { terraformPlan as planOf } from '../../terraform-plan/terraform-plan.ts';
import { clusterStack } from '../cluster-stack.ts';
import { printJson } from '../output/print-json.ts';
import { pathGiven } from '../path-given.ts';
import { checkSchemas } from '../rehearsal/schema-check.ts';
import { checkRenderedFile, writeRendered, writeRenderedFile } from '../rendered-folder.ts';

/** Options of `npm run render`. */
export interface RenderOptions {
  readonly stack: string;
  /** Folder to write to, from where the user is. */
  readonly out?: string;
  /** File for a plan of Terraform, from where the user is: it is written then, and nothing else. */
  readonly terraformPlan?: string;
  readonly json?: boolean;
}

/**
 * Writes a Helm chart for every service and a manifest for everything else that is deployed, from the graph
 * alone: no cluster, no network.
 *
 * @throws {CodedError} STACK_UNKNOWN, STACK_WITHOUT_CHARTS, SETTINGS_INVALID, GRAPH_INVALID,
 *   PINS_INVALID, DECLARED_FILE_MISSING, MIGRATIONS_MISNAMED, OBJECTS_INVALID, RENDER_FOLDER_REFUSED,
 *   STACK_WITHOUT_CLOUD, TERRAFORM_NAME_MISSING, REHEARSAL_REFUSED
 */
export async function render({ stack, out, terraformPlan, json }: RenderOptions): Promise<number> {
  if (terraformPlan !== undefined) {
    if (out !== undefined) throw bothGiven();
    return await renderPlan(stack, terraformPlan, json);
  }
  const folder = folderGiven(out);
  const { settings, lowered } = await clusterStack(stack);
  checkSchemas(partsOf(lowered));
  const manifests = renderManifests(lowered);
  writeRendered(folder, { stack, folders: { charts: renderCharts(lowered), manifests } });
  const charts = lowered.services.map(({ name }) => name);
  const unresolved = lowered.services
    .filter(({ image }) => image.digest === UNRESOLVED)
    .map(({ name }) => name);
  if (json === true) {
    printJson<'render'>({ folder, charts, manifests: Object.keys(manifests), unresolved });
    return 0;
  }
  process.stdout.write(
    `Wrote ${charts.length} charts and ${Object.keys(manifests).length} manifests to ${folder}\n`,
  );
  if (unresolved.length > 0) {
    process.stdout.write(
      `Without the digest of an image, so to be read and not run: ${unresolved.join(', ')} (npm run pins, or meridian:images in ${settings.file})\n`,
    );
  }
  return 0;
}

/** Writes the resources of AWS as a plan of Terraform, for those who know no Pulumi. */
async function renderPlan(stack: string, given: string, json = false): Promise<number> {
  const file = pathGiven(given);
  const { settings } = await clusterStack(stack);
  if (settings.landing !== 'aws') throw withoutCloud(stack);
  // Before the rehearsal, which takes longer than all else.
  checkRenderedFile(file);
  const { exportedResources } = await import('../rehearsal/exported-resources.ts');
  const plan = planOf(await exportedResources(stack), terraformNames());
  const resources = plan.resource_changes.length;
  writeRenderedFile(file, `${JSON.stringify(plan, undefined, 2)}\n`);
  if (json) printJson<'render'>({ file, resources });
  else process.stdout.write(`Wrote a plan of ${String(resources)} resources of AWS to ${file}\n`);
  return 0;
}

function withoutCloud(stack: string): CodedError {
  return new CodedError(
    'STACK_WITHOUT_CLOUD',
    `Stack '${stack}': must make resources of AWS to have a plan of Terraform, got none; choose another one with --stack`,
  );
}

function bothGiven(): CodedError {
  return new CodedError(
    'RENDER_FOLDER_REFUSED',
    "Option '--out': must be left out with --terraform-plan, which writes a file and nothing else, got both; give one of them",
  );
}

function folderGiven(out: string | undefined): string {
  if (out !== undefined) return pathGiven(out);
  throw new CodedError(
    'RENDER_FOLDER_REFUSED',
    "Option '--out': must name a folder for charts and manifests, got nothing; give it, or a file with --terraform-plan",
  );
}
