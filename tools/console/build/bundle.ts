import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const folder = path.dirname(import.meta.dirname);

/** Writes the page into a folder: small, and with nothing that a strict policy of content refuses. */
export async function bundlePage(into: string): Promise<void> {
  await mkdir(into, { recursive: true, mode: 0o700 });
  await build({
    entryPoints: ['page/main.tsx', 'page/main.css'].map((file) => path.join(folder, file)),
    ...{ outdir: into, bundle: true, minify: true, format: 'esm', target: 'es2023' },
    ...{ jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none', logLevel: 'error' },
    tsconfigRaw: {},
  });
  for (const file of ['index.html', 'icon.svg']) {
    await copyFile(path.join(folder, 'page', file), path.join(into, file));
  }
}

/** Writes a program of the console into a folder as one file that Node.js runs without stripping types. */
export async function bundleProgram(entry: string, into: string): Promise<void> {
  await build({
    entryPoints: [path.join(folder, entry)],
    outfile: path.join(into, `${path.basename(entry, '.ts')}.mjs`),
    ...{ bundle: true, minify: true, keepNames: true, format: 'esm', target: 'node24' },
    ...{ platform: 'node', legalComments: 'none', logLevel: 'error', tsconfigRaw: {} },
  });
}
