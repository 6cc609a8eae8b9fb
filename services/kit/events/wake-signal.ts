/** Wakes one waiter; calls while nobody waits are remembered as one. */
export class WakeSignal {
  #raised = false;
  #wake: (() => void) | undefined;

  /** Wakes the waiter, or the next one at once. */
  raise(): void {
    this.#raised = true;
    this.#wake?.();
  }

  /** Returns when the signal is raised, or after so long. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.#raised) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const timer = setTimeout(() => resolve(undefined), timeoutMs);
      this.#wake = () => resolve(undefined);
      await promise;
      clearTimeout(timer);
      this.#wake = undefined;
    }
    this.#raised = false;
  }
}
