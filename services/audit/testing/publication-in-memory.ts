import type { Publication, PublishedKey, SignedHead } from '../publication/publication.ts';

/** Published heads and keys in memory, for tests; what it does first may be changed. */
export class PublicationInMemory implements Publication {
  readonly heads: SignedHead[] = [];
  readonly keys: PublishedKey[] = [];
  /** Before each call, such as to fail. */
  before: (call: 'newest' | 'publish' | 'publishKey') => void | Promise<void> = () => undefined;

  async newest(): Promise<SignedHead | undefined> {
    await this.before('newest');
    return this.heads.toSorted((one, other) => Number(other.size - one.size))[0];
  }

  async publish(head: SignedHead): Promise<void> {
    await this.before('publish');
    const there = this.heads.find(({ size }) => size === head.size);
    if (there === undefined) this.heads.push(head);
    else if (textOf(there.note) !== textOf(head.note))
      throw new Error('another head was published');
  }

  async publishKey(key: PublishedKey): Promise<void> {
    await this.before('publishKey');
    this.keys.push(key);
  }
}

function textOf(note: string): string {
  return note.slice(0, note.lastIndexOf('\n\n'));
}
