import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isSystemError } from '@meridian/language/thrown.ts';
import { run } from '../engines/run.ts';
import { programFolder } from './places.ts';

/** What buf is told of the contracts. */
export const CONTRACTS = 'buf.gen.yaml';

/** And of the kit's own small protocols. */
const templates = [
  CONTRACTS,
  'services/kit/health/buf.gen.yaml',
  'services/kit/testing/buf.gen.yaml',
];

/** Generates the code of every contract below `root`, or of those that some templates are for. */
export async function generateContracts(
  root: string,
  wanted: readonly string[] = templates,
): Promise<void> {
  for (const template of wanted) {
    await run({
      argv: [
        path.join(programFolder, 'node_modules/.bin/buf'),
        ...['generate', '--template', template, '--output', root],
      ],
      cwd: programFolder,
      environment: {
        // The plugins are TypeScript, or sit in node_modules/.bin.
        PATH: [
          path.dirname(process.execPath),
          path.join(programFolder, 'node_modules/.bin'),
          process.env['PATH'],
        ].join(path.delimiter),
      },
    });
  }
}

/** Generates into an empty folder and names every file that differs from the committed one. */
export async function generatedCodeIsCurrent(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-generated-'));
  try {
    await generateContracts(folder);
    const fresh = generatedFiles(folder);
    const committed = generatedFiles(programFolder);
    const differing = [...new Set([...fresh, ...committed])].filter(
      (file) => read(folder, file) !== read(programFolder, file),
    );
    return differing.length === 0
      ? ''
      : `Differs from what the contracts give; run 'npm run generate':\n${differing.sort().join('\n')}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function generatedFiles(root: string): readonly string[] {
  return globSync('services/**/gen/**/*_pb.{js,d.ts}', {
    cwd: root,
    exclude: (name) => name === 'node_modules',
  });
}

function read(root: string, file: string): string | undefined {
  try {
    return readFileSync(path.join(root, file), 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}
