import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LINT_OPTIONS } from '../../tools/meridian/checks.ts';

/** What oxlint says of a place. */
export interface Diagnostic {
  readonly code?: string;
  readonly filename: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

/**
 * What the check of types and lint says of files, in a folder of their own that has the program's settings and packages.
 *
 * @param files texts by their paths
 */
export function linted(files: Readonly<Record<string, string>>): readonly Diagnostic[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-lint-'));
  try {
    for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json', 'tools/lint']) {
      cpSync(name, path.join(folder, name), { recursive: true });
    }
    symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [path.resolve('node_modules/oxlint/bin/oxlint'), ...LINT_OPTIONS, '--format', 'json'],
      { cwd: folder, encoding: 'utf8' },
    );
    if (stderr !== '') throw new Error(stderr);
    return (JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] }).diagnostics;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
