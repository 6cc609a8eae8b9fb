import { binding } from '@meridian/language/bindings.ts';
import { spiffeId } from '@meridian/language/spiffe-id.ts';
import { calleesOf } from '../model/call-order.ts';
import type { PlatformGraph } from '../model/graph.ts';

/** Where a callee is; only the landing knows. */
export interface CalleeAddress {
  readonly uri: string;
  /** Of a release that is not promoted yet. */
  readonly previewUri?: string;
}

/** The bindings of a caller to the services that it calls, by name. */
export function callBindings(
  graph: PlatformGraph,
  caller: string,
  addressOf: (callee: string) => CalleeAddress,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return Object.fromEntries(
    calleesOf(graph, caller).map((callee) => {
      const { uri, previewUri } = addressOf(callee);
      const peer = { 'spiffe-id': spiffeId(graph, callee) };
      return [
        callee,
        previewUri === undefined
          ? binding('grpc', { uri, ...peer })
          : binding('grpc', { uri, 'preview-uri': previewUri, ...peer }),
      ];
    }),
  );
}
