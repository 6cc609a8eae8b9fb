import { providePackages } from '../packages/provide-packages.ts';
import { layOutTree } from './lay-out-tree.ts';
import type { LaidOutTree } from './lay-out-tree.ts';

/** A tree that can be run. */
export interface PreparedTree extends LaidOutTree {
  /** The folder whose packages it has. */
  readonly packages: string;
}

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
): Promise<PreparedTree> {
  const tree = await layOutTree(repository, revision, cache);
  return { ...tree, packages: await providePackages(tree, packages, cache) };
}
