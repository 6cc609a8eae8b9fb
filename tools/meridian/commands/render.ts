import { UNRESOLVED } from '@meridian/components/kubernetes/manifest.ts';
import { renderCharts, renderManifests } from '@meridian/components/kubernetes/render-stack.ts';
import { partsOf } from '@meridian/components/kubernetes/parts-of.ts';
import { clusterStack } from '../cluster-stack.ts';
import { printJson } from '../output/print-json.ts';
import { pathGiven } from '../path-given.ts';
import { checkSchemas } from '../rehearsal/schema-check.ts';
import { writeRendered } from '../rendered-folder.ts';

/** Options of `npm run render`. */
export interface RenderOptions {
  readonly stack: string;
  /** Folder to write to, from where the user is. */
  readonly out: string;
  readonly json?: boolean;
}

/**
 * Writes a Helm chart for every service and a manifest for everything else that is deployed, from the graph
 * alone: no cluster, no network.
 *
 * @throws {CodedError} STACK_UNKNOWN, STACK_WITHOUT_CHARTS, SETTINGS_INVALID, GRAPH_INVALID,
 *   PINS_INVALID, DECLARED_FILE_MISSING, MIGRATIONS_MISNAMED, OBJECTS_INVALID, RENDER_FOLDER_REFUSED
 */
export async function render({ stack, out, json }: RenderOptions): Promise<number> {
  const { settings, lowered } = await clusterStack(stack);
  checkSchemas(partsOf(lowered));
  const folder = pathGiven(out);
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
