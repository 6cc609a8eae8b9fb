import type { ContextClaims } from './claims.ts';
import type { ContextSource } from './context-source.ts';

/** Whom a call is made for, as the edge service signed it and the server verified it. */
export interface RequestContext {
  /** Whom the request is made for; undefined when nobody signed in. */
  readonly subject: string | undefined;
  readonly roles: readonly string[];
  /** The same in all services that work for the request. */
  readonly requestId: string;
  /** Path of the method that the request entered by, such as '/meridian.catalog.v1.…/GetProduct'. */
  readonly entryMethod: string;
}

/** A context that came with a call, and goes with every call made for it, unchanged. */
export class ReceivedContext implements RequestContext, ContextSource {
  readonly subject: string | undefined;
  readonly roles: readonly string[];
  readonly requestId: string;
  readonly entryMethod: string;
  readonly #text: string;

  constructor(claims: ContextClaims, text: string) {
    this.subject = claims.subject;
    this.roles = claims.roles;
    this.requestId = claims.requestId;
    this.entryMethod = claims.entryMethod;
    this.#text = text;
  }

  textFor(): string {
    return this.#text;
  }
}
