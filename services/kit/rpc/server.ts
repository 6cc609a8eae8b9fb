import type { DescService } from '@bufbuild/protobuf';
import { Server } from '@grpc/grpc-js';
import type {
  ListenAddress,
  ServiceConfiguration,
} from '@meridian/language/service-configuration.ts';
import { ContextPolicy } from '../context/context-policy.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { serverCallTimer } from './rpc-metrics.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import type { Identity } from '../tls/identity.ts';
import { IdentityServerCredentials } from '../tls/server-credentials.ts';
import { adaptHandlers } from './adapt-handlers.ts';
import { Admission, observeAdmission } from './admission.ts';
import { AllowList } from './allow-list.ts';
import { CallChain } from './call-chain.ts';
import type { Access } from './call-chain.ts';
import { cannotListen } from '../cannot-listen.ts';
import type { Handlers } from './handlers.ts';
import { LONGEST_WAIT_MS } from './longest-wait.ts';
import { serviceDefinition } from './service-definition.ts';

/** What a server is made of. */
export interface RpcServerOptions {
  readonly configuration: Pick<
    ServiceConfiguration,
    'allow' | 'context' | 'limits' | 'drain' | 'connectionMaxAgeSeconds'
  >;
  readonly identity: Identity;
  readonly tracing: Tracing;
  readonly metrics: Metrics;
  readonly log: Logger;
  /**
   * How long calls go on over a connection that is at its maximum age, in milliseconds.
   *
   * @default the longest wait that a call may ask for, and the time to answer it
   */
  readonly connectionGraceMs?: number;
}

/**
 * A client that is gone without a word is noticed after the sum of these, unless the maximum age of its
 * connection comes first. Nothing waits for that: its calls end at their deadlines. They are long, because
 * a client that starves answers late, and closing its connection fails the calls that it has under way.
 */
const KEEPALIVE_TIME_MS = 20_000;
const KEEPALIVE_TIMEOUT_MS = 20_000;

/** The longest wait that a call may ask for, and the time to answer it. */
const WAIT_GRACE_MS = LONGEST_WAIT_MS + 10_000;

/** A gRPC server over mutual TLS; every call goes through the chain. */
export class RpcServer {
  readonly #server: Server;
  readonly #chain: CallChain;
  readonly #identity: Identity;
  readonly admission: Admission;

  constructor(options: RpcServerOptions) {
    const { configuration, identity, tracing, metrics, log } = options;
    const { connectionGraceMs = Math.max(configuration.drain.graceMs, WAIT_GRACE_MS) } = options;
    this.#identity = identity;
    this.admission = new Admission(configuration.limits);
    observeAdmission(this.admission, metrics.registry);
    this.#chain = new CallChain({
      allowList: new AllowList(configuration.allow),
      contexts: new ContextPolicy(configuration.context, identity),
      admission: this.admission,
      tracing,
      timer: serverCallTimer(metrics.registry),
      log,
      defaultDeadlineMs: configuration.limits.defaultDeadlineMs,
    });
    this.#server = new Server({
      'grpc.max_connection_age_ms': configuration.connectionMaxAgeSeconds * 1_000,
      // A drain does not wait for it.
      'grpc.max_connection_age_grace_ms': connectionGraceMs,
      'grpc.keepalive_time_ms': KEEPALIVE_TIME_MS,
      'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
      'grpc.enable_channelz': 0,
    });
  }

  /** Serves a contract; throws if a method has no handler. */
  add<S extends DescService>(
    service: S,
    handlers: Handlers<S>,
    access: Access = 'allow-list',
  ): void {
    this.#server.addService(
      serviceDefinition(service),
      adaptHandlers(service, handlers, this.#chain, access),
    );
  }

  /** Starts to accept calls; resolves to the port. Throws a CodedError if it is taken. */
  listen({ address, port }: ListenAddress): Promise<number> {
    const host = address.includes(':') ? `[${address}]` : address;
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(
        `${host}:${port}`,
        new IdentityServerCredentials(this.#identity),
        (cause, bound) => {
          if (cause === null) resolve(bound);
          else reject(cannotListen('gRPC server', { address, port }, cause));
        },
      );
    });
  }

  /**
   * Stops accepting, lets the calls in flight and in the queue finish, and cuts off those that take
   * longer than the grace. Resolves to whether all finished.
   */
  async drain(graceMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => {
      this.#server.forceShutdown();
      resolve(false);
    }, graceMs);
    this.#server.tryShutdown(() => resolve(true));
    const finished = await promise;
    clearTimeout(timer);
    return finished;
  }
}
