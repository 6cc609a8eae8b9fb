import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const PAGE = path.join(import.meta.dirname, '../page');
const PROGRAM = path.join(import.meta.dirname, '../server/main.ts');

/** Writes the page into a folder: small, and with nothing that a strict policy of content refuses. */
export async function bundlePage(into: string): Promise<void> {
  await mkdir(into, { recursive: true, mode: 0o700 });
  await build({
    entryPoints: ['main.tsx', 'main.css'].map((file) => path.join(PAGE, file)),
    ...{ outdir: into, bundle: true, minify: true, format: 'esm', target: 'es2023' },
    ...{ jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none', logLevel: 'error' },
    tsconfigRaw: {},
  });
  for (const file of ['index.html', 'icon.svg']) {
    await copyFile(path.join(PAGE, file), path.join(into, file));
  }
}

/** Packages of CommonJS ask for what Node.js has by `require`, which a module of ES has not. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Writes the console's program as one file, main.mjs, which Node.js runs without stripping types. */
export async function bundleProgram(into: string): Promise<void> {
  await build({
    ...{ entryPoints: [PROGRAM], outfile: path.join(into, 'main.mjs'), bundle: true },
    ...{ platform: 'node', format: 'esm', target: 'node24', minify: true, keepNames: true },
    ...{ legalComments: 'none', logLevel: 'error', tsconfigRaw: {}, banner: { js: REQUIRE } },
  });
}
