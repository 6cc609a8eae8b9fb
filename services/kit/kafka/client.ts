import { isIP } from 'node:net';
import { checkServerIdentity, connect } from 'node:tls';
import { Kafka, logLevel } from 'kafkajs';
import type { ISocketFactory, logCreator, SASLOptions } from 'kafkajs';
import type { Runtime } from '../runtime.ts';
import type { Logger } from '../telemetry/logger.ts';
import { openClientTls } from '../tls/client-tls.ts';
import type { ClientTls } from '../tls/client-tls.ts';
import { readKafkaBinding } from './binding.ts';
import { iamToken } from './iam-token.ts';
import './request-queue.ts';

/** What of a runtime the client needs. */
export type KafkaRuntime = Pick<
  Runtime,
  'bindings' | 'configuration' | 'log' | 'metrics' | 'onRelease' | 'workingFolder'
>;

const CONNECT_TIMEOUT_MS = 3_000;
/** Longer than the broker itself waits for its replicas. */
const REQUEST_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_DELAY_MS = 60_000;
/** A request is tried over a few elections of a leader; what is beyond that is the caller's. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 } as const;

/** One client for each process, by the bindings that it has. */
const clients = new WeakMap<object, Kafka>();

/**
 * The Kafka client of the process, from the binding 'kafka': over TLS, each new connection with the newest
 * certificate of the binding's folder, or with a token by our role of AWS, as it says. Kafka being away is not a reason to be unready:
 * events wait in the outbox. Throws a CodedError if there is no such binding.
 */
export function openKafka(runtime: KafkaRuntime): Kafka {
  const open = clients.get(runtime.bindings);
  if (open !== undefined) return open;
  const binding = readKafkaBinding(runtime.bindings, runtime.workingFolder);
  const { iamRegion } = binding;
  const tls = openClientTls(binding.tls, { log: runtime.log, metrics: runtime.metrics });
  runtime.onRelease('kafka identity', () => tls.close());
  const kafka = new Kafka({
    clientId: runtime.configuration.instance,
    brokers: [...binding.bootstrapServers],
    socketFactory: socketFactory(tls),
    ...(iamRegion === undefined ? {} : { sasl: byRole(iamRegion) }),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: RETRY,
    logLevel: logLevel.WARN,
    logCreator: logTo(runtime.log.child({ library: 'kafkajs' })),
  });
  clients.set(runtime.bindings, kafka);
  return kafka;
}

/**
 * Who we are by our role: kafkajs asks for a token with each connection, and again before the broker ends its session. Where the
 * role's own session has got another name since, MSK refuses that for good ("Cannot change principals during
 * re-authentication"): the consumer then runs again and the publisher opens another producer, with new connections.
 * Source: https://github.com/jmaver-plume/kafkajs-msk-iam-authentication-mechanism/issues/20
 */
function byRole(region: string): SASLOptions {
  return {
    mechanism: 'oauthbearer',
    oauthBearerProvider: async () => ({ value: await iamToken(region) }),
  };
}

/**
 * Makes kafkajs's connections: its own factory is given a certificate once, and would go on with it
 * after it has been renewed.
 */
export function socketFactory(tls: ClientTls): ISocketFactory {
  return ({ host, port, onConnect }) => {
    const socket = connect(
      {
        host,
        port,
        secureContext: tls.current.context,
        ...(isIP(host) === 0 ? { servername: host } : {}),
        // Without a server name Node.js would check 'localhost'.
        checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
      },
      onConnect,
    );
    socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
    return socket;
  };
}

/** kafkajs logs what it then throws or fixes itself, so its errors are warnings here. */
function logTo(log: Logger): logCreator {
  return () =>
    ({ namespace, level, log: { message, broker, groupId, error } }) => {
      const severity = level <= logLevel.WARN ? 'warn' : 'debug';
      log[severity]({ namespace, broker, group_id: groupId, reason: error }, message);
    };
}
