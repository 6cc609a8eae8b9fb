import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** A folder of modules that are loaded before the SDK; a sandbox has it at another place. */
export const PRELOADS = path.join(import.meta.dirname, 'preloads');

/**
 * For objects that do not live long, in MiB, of which a program makes many for each resource: with 16, the default,
 * an eighth of its time went to collecting them.
 */
const YOUNG_MEBIBYTES = 64;

/**
 * What Node.js is told where it runs Pulumi's SDK, before the SDK.
 *
 * @param preloads where the process sees PRELOADS
 */
export function sdkArguments(preloads: string): readonly string[] {
  return [
    '--disable-warning=ExperimentalWarning',
    `--max-semi-space-size=${YOUNG_MEBIBYTES}`,
    ...['plain-stacks.mjs', 'parts-on-demand.mjs'].flatMap((name) => [
      '--import',
      pathToFileURL(path.join(preloads, name)).href,
    ]),
  ];
}
