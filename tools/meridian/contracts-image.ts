import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { run } from '../engines/run.ts';
import { programFolder } from './places.ts';

/** The contracts that others may build upon already, kept in the repository. */
export const CONTRACTS_IMAGE = 'services/contracts.binpb';

/** Writes what the contracts are now. */
export async function writeContractsImage(file: string): Promise<void> {
  await buf(['build', '--exclude-source-info', '--output', file]);
}

/** Each thing in the contracts that breaks who was built on the image, or nothing. */
export async function brokenContracts(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-contracts-'));
  try {
    // As one image like the kept one: buf compares a workspace module by module.
    const now = path.join(folder, 'contracts.binpb');
    await writeContractsImage(now);
    await buf(['breaking', now, '--against', CONTRACTS_IMAGE, '--config', BREAKING_RULES]);
    return '';
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return error.message;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As in buf.yaml, whose rules belong to modules and an image has none. */
const BREAKING_RULES = JSON.stringify({
  version: 'v1',
  breaking: { use: ['FILE'], ignore: ['google', 'buf'] },
});

async function buf(args: readonly string[]): Promise<void> {
  await run({
    argv: [
      process.execPath,
      path.join(programFolder, 'node_modules/@bufbuild/buf/bin/buf'),
      ...args,
    ],
    cwd: programFolder,
  });
}
