import path from 'node:path';
import { commandFolder, pulumiEnvironment } from '../pulumi-environment.ts';
import { printJson } from '../output/print-json.ts';
import { withSession } from '../session.ts';
import { shellQuoted } from '../shell-quoted.ts';

/** Options of `meridian env`. */
export interface EnvOptions {
  readonly json?: boolean;
}

/**
 * Prints, as shell commands, what plain Pulumi needs to work on the local stack:
 * `eval "$(./meridian env)"`. Nothing secret: the passphrase is named by its file.
 */
export async function env(options: EnvOptions): Promise<number> {
  return await withSession("'meridian env'", { quiet: true }, ({ folders }) => {
    const environment = pulumiEnvironment(folders);
    const folder = commandFolder(folders);
    if (options.json === true) {
      printJson<'env'>({ environment, folder });
      return Promise.resolve(0);
    }
    for (const [name, value] of Object.entries(environment)) {
      process.stdout.write(`export ${name}=${shellQuoted(value)}\n`);
    }
    process.stdout.write(`export PATH=${shellQuoted(folder)}:"$PATH"\n`);
    process.stdout.write(
      `# pulumi is now ${path.join(folder, 'pulumi')}; for example: pulumi preview --stack local\n`,
    );
    return Promise.resolve(0);
  });
}
