import { isAbsolute, join } from 'node:path';
import type { Binding } from './bindings.ts';
import { LiveFile } from './live-file.ts';
import { ADDRESSES_SCHEME } from '@meridian/language/bindings.ts';
import type { PeerTargets } from './rpc/peer-channels.ts';
import type { Runtime } from './runtime.ts';

/** The targets of a gRPC binding, read again when the files of its properties change. */
export class LiveTargets {
  readonly #active: LiveFile<string>;
  readonly #preview: LiveFile<string | undefined>;
  #changed: ((targets: PeerTargets) => void) | undefined;

  /** Throws a CodedError without a `uri`. */
  constructor(binding: Binding<'grpc'>, { bindings, log }: Pick<Runtime, 'bindings' | 'log'>) {
    const common = {
      changed: () => this.#changed?.(this.current),
      failed: (err: Error) =>
        log.warn({ err, binding: binding.name }, 'an address was not taken over; the last goes on'),
    };
    this.#active = new LiveFile(binding.file('uri'), {
      ...common,
      initial: targetOf(binding.property('uri'), bindings.root),
      parse: (uri) => {
        if (uri !== undefined && uri !== '') return targetOf(uri, bindings.root);
        throw new Error(`${binding.file('uri')} must hold a value, got nothing`);
      },
    });
    this.#preview = new LiveFile<string | undefined>(binding.file('preview-uri'), {
      ...common,
      initial: undefined,
      parse: (uri) => (uri === undefined || uri === '' ? undefined : targetOf(uri, bindings.root)),
    });
  }

  get current(): PeerTargets {
    return { active: this.#active.current, preview: this.#preview.current };
  }

  /** Calls back with the targets after each change of one of them. */
  follow(changed: (targets: PeerTargets) => void): void {
    this.#changed = changed;
  }

  close(): void {
    this.#active.close();
    this.#preview.close();
  }
}

/** The gRPC target of a uri; the path of an address list is relative to the bindings. */
export function targetOf(uri: string, root: string): string {
  const prefix = `${ADDRESSES_SCHEME}:`;
  if (!uri.startsWith(prefix)) return uri;
  const path = uri.slice(prefix.length);
  return `${prefix}${isAbsolute(path) ? path : join(root, path)}`;
}
