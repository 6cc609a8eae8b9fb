/** Is told of what work in the background threw, by the name of the work. */
export type BackgroundListener = (task: string, error: unknown) => void;

/** Every runtime of the process; there is one but in tests. */
const listeners = new Set<BackgroundListener>();

/** Listens to failures of work in the background; returns the undo. */
export function onBackgroundFailure(listener: BackgroundListener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/**
 * Runs work that nobody waits for: of a timer, a watcher, an emitter, or after an answer. What it throws
 * or rejects with would end the process, and with it every request that has nothing to do with it; it
 * is logged and counted instead, and whoever called goes on. Never throws.
 */
export function inBackground(task: string, work: () => unknown): void {
  void settleInBackground(task, work);
}

/** The same for work that is to be over before something else begins; never rejects. */
export async function settleInBackground(task: string, work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    for (const listener of listeners) listener(task, error);
  }
}
