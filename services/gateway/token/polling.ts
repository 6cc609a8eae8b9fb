import { settleInBackground } from '@meridian/kit/background.ts';

/** Something that goes on in the background until it is closed. */
export interface Polling {
  close(): void;
}

/**
 * Does work now and again, each time this long after the last has ended; it never keeps the process
 * alive. A turn that fails is logged and counted, and the next one comes.
 */
export function poll(
  task: string,
  work: () => Promise<unknown>,
  intervalMs: () => number,
): Polling {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const turn = async (): Promise<void> => {
    await settleInBackground(task, work);
    if (!closed) timer = setTimeout(() => void turn(), intervalMs()).unref();
  };
  void turn();
  return {
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
