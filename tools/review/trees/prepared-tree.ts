import { providePackages } from '../packages/provide-packages.ts';
import { layOutTree } from './lay-out-tree.ts';
import type { LaidOutTree } from './lay-out-tree.ts';

/**
 * Lays out a revision with its packages, ready to be run.
 *
 * @param repository the folder of the program in a clone
 * @param packages a folder of the program that has packages, which are taken where the lockfile is the same
 * @throws {CodedError} what layOutTree and providePackages throw
 */
export async function preparedTree(
  repository: string,
  revision: string,
  packages: string,
  cache: string,
): Promise<LaidOutTree> {
  const tree = await layOutTree(repository, revision, cache);
  await providePackages(tree.folder, packages, cache);
  return tree;
}
