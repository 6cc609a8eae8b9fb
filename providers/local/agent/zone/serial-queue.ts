/** Runs what it is given one after the other, in the order given; a failure does not stop the rest. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Whether something runs or waits. */
  get isBusy(): boolean {
    return this.#waiting > 0;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const result = this.#last.then(work);
    const ended = (): void => {
      this.#waiting -= 1;
    };
    this.#last = result.then(ended, ended);
    return result;
  }
}
