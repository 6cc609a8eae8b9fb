import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** The module by which stacks are written as V8 has them; a sandbox has it at another place. */
export const PLAIN_STACKS = path.join(import.meta.dirname, 'plain-stacks.mjs');

/**
 * For objects that do not live long, in MiB, of which a program makes many for each resource: with 16, the default,
 * an eighth of its time went to collecting them.
 */
const YOUNG_MEBIBYTES = 64;

/**
 * What Node.js is told where it runs Pulumi's SDK, before the SDK.
 *
 * @param plainStacks where the process sees PLAIN_STACKS
 */
export function sdkArguments(plainStacks: string): readonly string[] {
  return [
    '--disable-warning=ExperimentalWarning',
    `--max-semi-space-size=${YOUNG_MEBIBYTES}`,
    ...['--import', pathToFileURL(plainStacks).href],
  ];
}
