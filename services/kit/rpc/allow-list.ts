import { EVERY_METHOD } from '@meridian/language/method.ts';
import { RpcError } from './rpc-error.ts';

/** Who may call what, by SPIFFE ID; what no list names is refused. */
export class AllowList {
  readonly #byPath = new Map<string, ReadonlySet<string>>();
  readonly #everywhere: ReadonlySet<string>;

  constructor(allow: Readonly<Record<string, readonly string[]>>) {
    for (const [path, callers] of Object.entries(allow)) {
      this.#byPath.set(path, new Set(callers));
    }
    this.#everywhere = this.#byPath.get(EVERY_METHOD) ?? new Set();
  }

  /** Whether a caller may call the method at a path such as '/meridian.catalog.v1.…/GetProduct'. */
  allows(caller: string, path: string): boolean {
    return this.#everywhere.has(caller) || this.#byPath.get(path)?.has(caller) === true;
  }

  /** The same, as an error that tells the caller about itself only: never who else may call. */
  check(caller: string | undefined, path: string): string {
    if (caller === undefined) {
      throw new RpcError('UNAUTHENTICATED', 'the client certificate has no SPIFFE ID');
    }
    if (!this.allows(caller, path)) {
      throw new RpcError('PERMISSION_DENIED', `${caller} may not call ${path}`);
    }
    return caller;
  }
}
