import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { KubernetesSettings } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { lowerKubernetes } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { UNRESOLVED } from '@meridian/components/kubernetes/manifest.ts';
import { renderCharts, renderManifests } from '@meridian/components/kubernetes/render-stack.ts';
import { PlatformError } from '@meridian/components/model/platform-error.ts';

import { platform } from '../../../infra/platform.ts';
import { stackSettings } from '../../../stacks/stacks.ts';
import { programFolder } from '../places.ts';
import { writeRendered } from '../rendered-folder.ts';
import { configOf, withoutPrefix } from '../stack-config.ts';

/** Options of `npm run render`. */
export interface RenderOptions {
  readonly stack: string;
  /** Folder to write to, from where the user is. */
  readonly out: string;
}

/**
 * Writes a Helm chart for every declared service and a manifest for everything else, from the graph
 * alone: no cluster, no network.
 *
 * @throws {PlatformError} STACK_UNKNOWN, STACK_WITHOUT_CHARTS, SETTINGS_INVALID, GRAPH_INVALID,
 *   RENDER_FOLDER_REFUSED
 */
export function render({ stack, out }: RenderOptions): Promise<number> {
  const settings = settingsOf(stack);
  const { version } = JSON.parse(
    readFileSync(path.join(programFolder, 'package.json'), 'utf8'),
  ) as { readonly version: string };
  const lowered = lowerKubernetes({ graph: platform(settings), settings, version });
  // npm runs scripts in the program's folder and says here where the user called it.
  const folder = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), out);
  const manifests = renderManifests(lowered);
  writeRendered(folder, { stack, folders: { charts: renderCharts(lowered), manifests } });
  const { services } = lowered;
  process.stdout.write(
    `Wrote ${services.length} charts and ${Object.keys(manifests).length} manifests to ${folder}\n`,
  );
  const unresolved = services.filter(({ image }) => image.digest === UNRESOLVED);
  if (unresolved.length > 0) {
    const names = unresolved.map(({ name }) => name).join(', ');
    process.stdout.write(
      `Without the digest of an image, so to be read and not run: ${names} (meridian:images in ${settings.file})\n`,
    );
  }
  return Promise.resolve(0);
}

function settingsOf(stack: string): KubernetesSettings {
  const file = path.join(programFolder, `Pulumi.${stack}.yaml`);
  const settings = stackSettings(stack, existsSync(file) ? withoutPrefix(configOf(file)) : {});
  if (settings.landing === 'kubernetes') return settings;
  throw new PlatformError(
    'STACK_WITHOUT_CHARTS',
    `Stack '${stack}': must run in a Kubernetes cluster to have charts, got the landing '${settings.landing}'; choose another one with --stack`,
  );
}
