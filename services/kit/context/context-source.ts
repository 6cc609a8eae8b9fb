/** Metadata that carries the signed context. */
export const CONTEXT_METADATA = 'meridian-context';

/** Where the calls made for a request get their signed context from. */
export interface ContextSource {
  /**
   * The context of a call.
   *
   * @param method path of the method that is called
   * @param request the request's bytes; undefined for a stream of them
   */
  textFor(method: string, request: Uint8Array | undefined): string;
}
