import path from 'node:path';
import { run } from '../../engines/run.ts';
import { generateContracts } from '../generated-code.ts';
import { programFolder } from '../places.ts';

/** Generates code and the edge's OpenAPI document from the contracts, in place. */
export async function generate(): Promise<number> {
  await generateContracts(programFolder);
  await run({
    argv: [process.execPath, path.join(programFolder, 'services/gateway/openapi/generate.ts')],
    cwd: programFolder,
  });
  return 0;
}

/** Formats every file, in place. */
export async function format(): Promise<number> {
  await run({
    argv: [
      process.execPath,
      path.join(programFolder, 'node_modules/prettier/bin/prettier.cjs'),
      '--write',
      '--log-level=warn',
      '.',
    ],
    cwd: programFolder,
  });
  return 0;
}
