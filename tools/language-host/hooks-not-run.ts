import { createRequire } from 'node:module';
import type * as messages from '@pulumi/pulumi/proto/resource_pb.js';

const require = createRequire(import.meta.url);
const { RegisterErrorHookRequest, RegisterResourceHookRequest, RegisterResourceRequest } =
  require('@pulumi/pulumi/proto/resource_pb.js') as typeof messages;

/** What is left of a request of a program in a sandbox without its hooks. */
export interface Unhooked {
  /** Whether there is anything left to tell the engine. */
  readonly isForEngine: boolean;
  /** Of the hooks that it declared. */
  readonly names: readonly string[];
}

/**
 * Takes the hooks out of a request. A hook is an address that the engine calls before or after it makes something, outside of
 * the sandbox; where the program listens, nobody but itself can call. So none is run, and whoever reviews is told which: what a
 * hook refuses, and what it does, shows first in the preview of the deployment.
 *
 * @param request is changed: a resource that has hooks has none any more
 */
export function withoutHooks(request: object): Unhooked {
  if (
    request instanceof RegisterResourceHookRequest ||
    request instanceof RegisterErrorHookRequest
  ) {
    return { isForEngine: false, names: [request.getName()] };
  }
  if (request instanceof RegisterResourceRequest) request.clearHooks();
  return { isForEngine: true, names: [] };
}
