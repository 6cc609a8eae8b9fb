import { createInterface } from 'node:readline/promises';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { installEngines } from '../installation.ts';
import { endAgents, livingAgents } from '../living-agents.ts';
import { printJson } from '../output/print-json.ts';
import { isAnythingThere, localFolders, localStack } from '../places.ts';
import { removeFolder } from '../remove-folder.ts';
import { openStack, withPlatform } from '../session.ts';
import { endBuild, forgetBuild } from '../telemetry/background-build.ts';

/** How long an agent may take to stop its processes when Pulumi could not see to it. */
const GRACE_MS = 60_000;

/** What stands in the way of a removal, and is not to be passed over: somebody is at work, or wants an end. */
const OBSTACLES: ReadonlySet<string> = new Set(['STACK_BUSY', 'CANCELLED']);

/** Options of `npm run destroy`. */
export interface DestroyOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * Removes the platform with all its data, after asking. All that it consists of is processes and three
 * folders, so where Pulumi cannot do it (its state is torn, it cannot be installed), that is done directly.
 */
export async function destroy(options: DestroyOptions): Promise<number> {
  const quiet = options.json === true;
  const end = (removed: boolean, told: string): void => {
    if (quiet) printJson<'destroy'>({ removed });
    else process.stdout.write(`${told}\n`);
  };
  // Without one nothing is to be installed, or asked.
  if (!isAnythingThere(localFolders())) {
    end(false, 'Nothing to remove: there is no local platform.');
    return 0;
  }
  if (options.yes === true) await endBuild(localFolders());
  return await withPlatform("'npm run destroy'", { ends: true }, async (folders) => {
    if (options.yes !== true && !(await confirmed(folders.data))) {
      end(false, 'Nothing was removed.');
      return 1;
    }
    await endBuild(folders);
    const problem = await problemOfPulumi(folders, quiet);
    if (problem !== undefined) {
      say(`Pulumi could not remove the platform (${problem}); that is done without it.`);
    }
    const zones = livingAgents(folders).map(({ zone }) => zone);
    if (zones.length > 0) {
      say(`Ending the agents of ${zones.toSorted().join(', ')}, which Pulumi has left …`);
      await endAgents(folders, GRACE_MS);
    }
    for (const folder of [folders.data, folders.runtime, folders.state]) {
      removeFolder(folder);
    }
    await forgetBuild(folders);
    end(true, 'Removed the platform and its data.');
    return 0;
  });
}

/**
 * Has Pulumi remove every resource.
 *
 * @returns why it could not
 * @throws {CodedError} STACK_BUSY, DESTROY_FAILED when the user broke it off
 */
async function problemOfPulumi(folders: Folders, quiet: boolean): Promise<string | undefined> {
  try {
    const { stack } = await openStack(folders, await installEngines({ quiet }));
    await stack.clearPendingOperations();
    // `protect` guards what holds data against a change of the program; here it is the user's word.
    await stack.capture(['state', 'unprotect', '--all', '--yes', '--stack', localStack]);
    const { exitCode, interrupted } = await stack.interactive(
      ['destroy', '--yes', '--skip-preview'],
      { quiet },
    );
    if (exitCode === 0) return undefined;
    if (!interrupted) return `pulumi destroy ended with exit code ${exitCode}`;
  } catch (error) {
    const isKnown = error instanceof CodedError;
    if (!(error instanceof Error) || error.name === 'AbortError') throw error;
    if (isKnown && OBSTACLES.has(error.code)) throw error;
    return isKnown ? `${error.message} [${error.code}]` : (error.stack ?? error.message);
  }
  throw new CodedError(
    'DESTROY_FAILED',
    `Stack '${localStack}': its removal was broken off; what is left is still in its state, and the next 'npm run destroy' goes on from there.`,
  );
}

function say(sentence: string): void {
  process.stderr.write(`\nmeridian: ${sentence}\n`);
}

async function confirmed(dataFolder: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new CodedError(
      'CONFIRMATION_NEEDED',
      `Command 'destroy': must be confirmed, as it removes all data in ${dataFolder}, got nobody to ask; give --yes (npm run destroy -- --yes)`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(
    `This removes the platform and ALL its data in ${dataFolder}. Type 'destroy' to go on: `,
  );
  terminal.close();
  return answer.trim() === 'destroy';
}
