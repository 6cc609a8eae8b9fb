import path from 'node:path';
import { commandFolder, pulumiEnvironment } from '../pulumi-environment.ts';
import { withSession } from '../session.ts';
import { shellQuoted } from '../shell-quoted.ts';

/**
 * Prints, as shell commands, what plain Pulumi needs to work on the local stack:
 * `eval "$(./meridian env)"`. Nothing secret: the passphrase is named by its file.
 */
export async function env(): Promise<number> {
  return await withSession("'meridian env'", { quiet: true }, ({ folders }) => {
    for (const [name, value] of Object.entries(pulumiEnvironment(folders))) {
      process.stdout.write(`export ${name}=${shellQuoted(value)}\n`);
    }
    const folder = commandFolder(folders);
    process.stdout.write(`export PATH=${shellQuoted(folder)}:"$PATH"\n`);
    process.stdout.write(
      `# pulumi is now ${path.join(folder, 'pulumi')}; for example: pulumi preview --stack local\n`,
    );
    return Promise.resolve(0);
  });
}
