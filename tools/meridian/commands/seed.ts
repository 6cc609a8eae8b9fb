import { findTask, runTask } from '../run-task.ts';

const task = 'catalogue-seed';

/** Options of `npm run seed`. */
export interface SeedOptions {
  /** How many products. */
  readonly products: number;
}

/**
 * Loads the generated catalogue through catalog's gRPC API, as the declared client `catalogue-seed`.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING
 */
export async function seed(options: SeedOptions): Promise<number> {
  return await runTask(await findTask(task), task, [String(options.products)]);
}
