import { setTimeout as delay } from 'node:timers/promises';

/** Waits until a condition holds; throws what it last threw after the deadline. */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  timeoutMs = 10_000,
): Promise<T> {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await condition();
    } catch (error) {
      if (Date.now() > deadlineMs) throw error;
    }
    await delay(20);
  }
}
