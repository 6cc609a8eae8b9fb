import type { MeridianLocalProvider } from './meridian-local-provider.ts';

const LOOK_MS = 1000;
/** What is under way may take this long to undo itself. */
const GRACE_MS = 5000;

/**
 * Ends this process when the engine has died without ending it (kill -9): it would stay for ever.
 * Otherwise the engine calls `cancel` and then sends SIGINT, whose default is to end; a terminal's
 * Ctrl-C does not come here, for the engine starts its plugins in process groups of their own.
 */
export function endWithEngine(provider: MeridianLocalProvider): void {
  const engine = process.ppid;
  const look = setInterval(() => {
    if (process.ppid !== engine) {
      clearInterval(look);
      void provider.cancel();
      setTimeout(() => process.exit(1), GRACE_MS);
    }
  }, LOOK_MS);
  look.unref();
}
