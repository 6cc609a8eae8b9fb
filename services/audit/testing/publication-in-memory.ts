import type {
  Publication,
  Publications,
  PublishedKey,
  SignedHead,
} from '../publication/publication.ts';

/** Published heads and keys in memory, for tests; what it does first may be changed. */
export class PublicationInMemory implements Publication {
  readonly heads: SignedHead[] = [];
  readonly keys: PublishedKey[] = [];
  /** What whoever looks for the one name finds. */
  shown: SignedHead | undefined;
  /** Before each call, such as to fail. */
  before: (call: 'newest' | 'publish' | 'publishKey') => void | Promise<void> = () => undefined;

  async newest(below?: bigint): Promise<SignedHead | undefined> {
    await this.before('newest');
    const asked = this.heads.filter(({ size }) => below === undefined || size < below);
    return asked.toSorted((one, other) => Number(other.size - one.size))[0];
  }

  async publish(head: SignedHead): Promise<void> {
    await this.before('publish');
    const there = this.heads.find(({ size }) => size === head.size);
    if (there === undefined) this.heads.push(head);
    else if (textOf(there.note) !== textOf(head.note))
      throw new Error('another head was published');
    this.shown = head;
  }

  showNewest(head: SignedHead): Promise<void> {
    this.shown = head;
    return Promise.resolve();
  }

  async publishKey(key: PublishedKey): Promise<void> {
    await this.before('publishKey');
    this.keys.push(key);
  }

  certificates(keyId: string): Promise<string | undefined> {
    return Promise.resolve(this.keys.findLast((key) => key.keyId === keyId)?.chainPem);
  }
}

/** The places of logs, given from one number on; nothing is published in any other. */
export function placesFrom(first: number, ...given: readonly Publication[]): Publications {
  return (log) => given[log - first] ?? new PublicationInMemory();
}

function textOf(note: string): string {
  return note.slice(0, note.lastIndexOf('\n\n'));
}
