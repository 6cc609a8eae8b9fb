/**
 * Writes the modules that a process loads before it begins its work, as JSON, to a file. Arguments: the
 * file, and either `process` with the main file of one, which ends for want of a configuration, or
 * `program` with the stack that Pulumi would run it for.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.dirname(path.dirname(import.meta.dirname));
const [, , output = '', kind, given = ''] = process.argv;
const loaded = new Set<string>();

registerHooks({
  load: (url, context, next) => {
    if (url.startsWith('file:')) loaded.add(url.slice(pathToFileURL(root).href.length + 1));
    return next(url, context);
  },
});

process.on('exit', () => {
  writeFileSync(output, JSON.stringify([...loaded].toSorted()));
  process.exitCode = 0;
});

if (kind === 'process') await import(pathToFileURL(path.join(root, given)).href);
else await loadProgram(given);

/** All that infra/index.ts imports, and the landings of the stack; nothing is declared. */
async function loadProgram(stack: string): Promise<void> {
  const { runtime } = await import('@pulumi/pulumi');
  await runtime.setMocks(
    {
      newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
      call: () => ({}),
    },
    'meridian',
    stack,
    true,
  );
  const main = path.join(root, 'infra/index.ts');
  const imports = readFileSync(main, 'utf8').matchAll(/^import (?!type).* from '([^']+)';$/gm);
  for (const [, specifier = ''] of imports) {
    await import(
      specifier.startsWith('.') ? new URL(specifier, pathToFileURL(main)).href : specifier
    );
  }
  const { prepare } = await import('../../infra/prepare.ts');
  await prepare();
}
