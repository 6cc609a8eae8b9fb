/** Made at once: more would only wait for the machine. */
const AT_ONCE = 4;

/** What calls use up, made before they are timed. */
export class Fresh<Item> {
  readonly #items: Item[] = [];
  readonly #make: () => Promise<Item | undefined>;
  #turn = 0;

  /** @param make gives nothing when it was refused */
  constructor(make: () => Promise<Item | undefined>) {
    this.#make = make;
  }

  /** Makes some until there are so many; gives up when too much is refused, and calls find none then. */
  async prepare(count: number): Promise<void> {
    let attempts = 2 * count;
    const work = async (): Promise<void> => {
      while (this.#items.length < count && attempts-- > 0) {
        const item = await this.#make();
        if (item !== undefined) this.add(item);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  add(item: Item): void {
    this.#items.push(item);
  }

  take(): Item | undefined {
    return this.#items.pop();
  }

  /** One after the other, all of which stay. */
  next(): Item | undefined {
    return this.#items[this.#turn++ % this.#items.length];
  }
}
