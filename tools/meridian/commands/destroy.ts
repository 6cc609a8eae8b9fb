import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { PlatformError } from '@meridian/components/model/platform-error.ts';
import { localStack } from '../places.ts';
import { withSession } from '../session.ts';

/** Options of `npm run destroy`. */
export interface DestroyOptions {
  readonly yes?: boolean;
}

/** Removes the platform with all its data, after asking. */
export async function destroy(options: DestroyOptions): Promise<number> {
  return await withSession("'npm run destroy'", { quiet: false }, async ({ stack, folders }) => {
    if (options.yes !== true && !(await confirmed(folders.data))) {
      process.stdout.write('Nothing was removed.\n');
      return 1;
    }
    await stack.clearPendingOperations();
    // `protect` guards what holds data against a change of the program; here it is the user's word.
    await stack.capture(['state', 'unprotect', '--all', '--yes', '--stack', localStack]);
    const code = await stack.interactive(['destroy', '--yes', '--skip-preview'], { quiet: false });
    if (code !== 0) {
      throw new PlatformError(
        'DESTROY_FAILED',
        `Stack '${localStack}': pulumi destroy ended with exit code ${code}; what is left is still in its state, and the next 'npm run destroy' goes on from there.`,
      );
    }
    for (const folder of [folders.data, folders.runtime, folders.state]) {
      rmSync(folder, { recursive: true, force: true });
    }
    process.stdout.write(`Removed the platform and its data.\n`);
    return 0;
  });
}

async function confirmed(dataFolder: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new PlatformError(
      'CONFIRMATION_NEEDED',
      `Command 'destroy': removes all data in ${dataFolder} and nobody can be asked here; give --yes (npm run destroy -- --yes).`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    `This removes the platform and ALL its data in ${dataFolder}. Type 'destroy' to go on: `,
  );
  terminal.close();
  return answer.trim() === 'destroy';
}
