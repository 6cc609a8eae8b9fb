import { isAbsolute, join } from 'node:path';
import type { DescService } from '@bufbuild/protobuf';
import type { CalleeName, Caller } from '@meridian/components/model/client-types.ts';
import { ADDRESSES_SCHEME, registerAddressResolver } from './rpc/address-resolver.ts';
import type { Client, ClientContracts, Clients } from './rpc/client-types.ts';
import { RpcClient, typedClient } from './rpc/client.ts';
import type { Runtime } from './runtime.ts';
import { IdentityChannelCredentials } from './tls/channel-credentials.ts';

export type { CallOptions, Client, ClientContracts, Clients } from './rpc/client-types.ts';
export { RpcClient } from './rpc/client.ts';

/**
 * Opens a client from the binding of that name (type 'grpc', with `uri` and `spiffe-id`); it is
 * closed when the process leaves. Throws a ConfigurationError if there is no such binding.
 */
export function openClient<S extends DescService>(
  runtime: Runtime,
  name: string,
  service: S,
): RpcClient<S> {
  registerAddressResolver();
  const binding = runtime.bindings.get(name, 'grpc');
  const client = new RpcClient({
    name,
    service,
    target: targetOf(binding.property('uri'), runtime.bindings.root),
    credentials: new IdentityChannelCredentials(runtime.identity, binding.property('spiffe-id')),
    metrics: runtime.metrics,
    tracing: runtime.tracing,
  });
  runtime.onRelease(`client '${name}'`, () => client.close());
  return client;
}

/**
 * Opens typed clients of the services that a declaration calls, with the declared methods only:
 * `createClients<typeof gateway, 'catalog'>(runtime, { catalog: CatalogService })`. The second type
 * names those that are wanted now; without it, all.
 */
export function createClients<
  Declaration extends Caller,
  Name extends CalleeName<Declaration> = CalleeName<Declaration>,
>(runtime: Runtime, contracts: ClientContracts<Declaration, Name>): Clients<Declaration, Name> {
  const entries = Object.entries<DescService>(contracts).map(
    ([name, service]): [string, Client<DescService>] => [
      name,
      typedClient(openClient(runtime, name, service)),
    ],
  );
  // The methods that were not declared are there, but the type hides them, and the peer refuses them.
  return Object.fromEntries(entries) as unknown as Clients<Declaration, Name>;
}

/** The gRPC target of a binding's uri; the path of an address list is relative to the bindings. */
function targetOf(uri: string, root: string): string {
  const prefix = `${ADDRESSES_SCHEME}:`;
  if (!uri.startsWith(prefix)) return uri;
  const path = uri.slice(prefix.length);
  return `${prefix}${isAbsolute(path) ? path : join(root, path)}`;
}
