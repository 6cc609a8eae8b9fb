import type { DescService } from '@bufbuild/protobuf';
import type {
  CalleeName,
  Caller,
  PublishedTopic,
} from '@meridian/components/model/client-types.ts';
import { createClients } from './clients.ts';
import type { ClientContracts, Clients } from './clients.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Outbox } from './events/outbox.ts';
import { Health } from './health/gen/grpc/health/v1/health_pb.js';
import { healthHandlers } from './health/health-service.ts';
import type { Database } from './postgres/database.ts';
import { runProcess } from './process.ts';
import type { Handlers } from './rpc/handlers.ts';
import { RpcServer } from './rpc/server.ts';
import type { RpcServerOptions } from './rpc/server.ts';
import type { Runtime } from './runtime.ts';

export type { Handler, Handlers, ServerCall } from './rpc/handlers.ts';
export { RpcError } from './rpc/rpc-error.ts';

/** A declaration of a service, as the types of the kit need it; services import it as a type. */
export interface DeclaredService extends Caller {
  readonly contract: DescService | undefined;
  readonly publishes?: readonly { readonly name: string }[];
}

type ContractOf<Declaration extends DeclaredService> = Extract<
  Declaration['contract'],
  DescService
>;

/** What handlers are made from. */
export interface ServiceContext<Declaration extends DeclaredService> extends Runtime {
  /** Clients of the declared calls. */
  readonly clients: Clients<Declaration>;
  /** Opens the outbox, for the topics that the declaration publishes; undefined if there are none. */
  readonly openOutbox: OpenOutbox<Declaration>;
}

/**
 * Opens the outbox in a database that has its table, and starts the relay beside it; once for each
 * process. Throws a CodedError without a binding to Kafka.
 */
export type OpenOutbox<Declaration extends DeclaredService> = [
  PublishedTopic<Declaration>,
] extends [never]
  ? undefined
  : (database: Database) => Promise<Outbox<PublishedTopic<Declaration>>>;

/** A service: its contract, the contracts that it calls, and its handlers. */
export type ServiceOptions<Declaration extends DeclaredService> = {
  readonly contract: ContractOf<Declaration>;
  /** Opens what the service needs, and returns its handlers; called once. */
  readonly handlers: (
    context: ServiceContext<Declaration>,
  ) => Handlers<ContractOf<Declaration>> | Promise<Handlers<ContractOf<Declaration>>>;
} & ([CalleeName<Declaration>] extends [never]
  ? { readonly clients?: undefined }
  : { readonly clients: ClientContracts<Declaration> });

/** The whole main file of a gRPC service: starts it, serves it, and leaves in order. */
export function runService<Declaration extends DeclaredService>(
  options: ServiceOptions<Declaration>,
): Promise<void> {
  return runProcess(async (runtime) => {
    await serve(runtime, options);
  });
}

/** A service that listens. */
export interface RunningService {
  /** The port it listens on. */
  readonly port: number;
  readonly server: RpcServer;
}

/** Serves within a runtime that is there already: what runService does after the start. */
export async function serve<Declaration extends DeclaredService>(
  runtime: Runtime,
  options: ServiceOptions<Declaration>,
  bounds: Pick<RpcServerOptions, 'connectionGraceMs'> = {},
): Promise<RunningService> {
  const { configuration, readiness } = runtime;
  if (configuration.listen === undefined) {
    throw new CodedError(
      'KIT_CONFIGURATION',
      `Configuration of '${configuration.service}': listen must be given, as it serves a contract`,
    );
  }
  // A service without calls has no contracts, and `Clients` of it is empty.
  const contracts = (options.clients ?? {}) as ClientContracts<Declaration>;
  const clients = createClients<Declaration>(runtime, contracts);
  // The type hides it from a service that declares no topic, and Kafka refuses such a service.
  const openOutbox = (async (database: Database) =>
    // Loaded only where it is used: kafkajs takes memory and time.
    (await import('./events/open-outbox.ts')).openOutbox(
      runtime,
      database,
    )) as OpenOutbox<Declaration>;
  const handlers = await options.handlers({ ...runtime, clients, openOutbox });
  const server = new RpcServer({ ...runtime, ...bounds });
  server.add(options.contract, handlers);
  server.add(Health, healthHandlers(readiness, [options.contract.typeName]), 'any-peer');
  const port = await server.listen(configuration.listen);
  runtime.onDrain('gRPC server', async (graceMs) => {
    const finished = await server.drain(graceMs);
    if (!finished) runtime.log.warn({ grace_ms: graceMs }, 'calls were cut off after the grace');
  });
  readiness.serving();
  runtime.log.info({ address: configuration.listen.address, port }, 'serving');
  return { port, server };
}
