import type { DescService } from '@bufbuild/protobuf';
import type { CalleeName, Caller } from '@meridian/components/model/client-types.ts';
import { LiveTargets } from './live-targets.ts';
import { registerAddressResolver } from './rpc/address-resolver.ts';
import type { Client, ClientContracts, Clients } from './rpc/client-types.ts';
import { RpcClient, typedClient } from './rpc/client.ts';
import { registerLeastBusy } from './rpc/least-busy.ts';
import type { Runtime } from './runtime.ts';
import { IdentityChannelCredentials } from './tls/channel-credentials.ts';

export type { CallOptions, Client, ClientContracts, Clients } from './rpc/client-types.ts';
export { RpcClient } from './rpc/client.ts';

/**
 * Opens a client from the binding of that name (type 'grpc', with `uri`, `spiffe-id` and, where there
 * may be a release that is not promoted yet, `preview-uri`); it follows both addresses when their
 * files change, and is closed when the process leaves. Throws a CodedError if there is no
 * such binding.
 */
export function openClient<S extends DescService>(
  runtime: Runtime,
  name: string,
  service: S,
): RpcClient<S> {
  registerAddressResolver();
  registerLeastBusy();
  const binding = runtime.bindings.get(name, 'grpc');
  const targets = new LiveTargets(binding, runtime);
  const client = new RpcClient({
    name,
    service,
    targets: targets.current,
    credentials: new IdentityChannelCredentials(runtime.identity, binding.property('spiffe-id')),
    metrics: runtime.metrics,
    tracing: runtime.tracing,
    retries: runtime.retries,
  });
  targets.follow((current) => client.retarget(current));
  runtime.onRelease(`client '${name}'`, () => {
    targets.close();
    client.close();
  });
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
