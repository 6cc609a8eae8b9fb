import { chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as grpc from '@grpc/grpc-js';
import type * as engineMessages from '@pulumi/pulumi/proto/engine_pb.js';
import { withoutHooks } from './hooks-not-run.ts';
import { ignoredChanges } from './ignored-changes.ts';
import type { IgnoredChanges } from './ignored-changes.ts';
import { readRequest, writeRequest } from './gated-request.ts';
import type { GatedRequest } from './gated-request.ts';
import { refusalOf } from './refused-requests.ts';

const require = createRequire(import.meta.url);
// The generated service definitions are CommonJS without type declarations of the service.
const { ResourceMonitorService } = require('@pulumi/pulumi/proto/resource_grpc_pb.js') as {
  readonly ResourceMonitorService: grpc.ServiceDefinition;
};
const { EngineService } = require('@pulumi/pulumi/proto/engine_grpc_pb.js') as {
  readonly EngineService: grpc.ServiceDefinition;
};
const { LogRequest, LogSeverity } =
  require('@pulumi/pulumi/proto/engine_pb.js') as typeof engineMessages;

/** Where the engine listens: host and port. */
export interface EngineAddresses {
  readonly monitor: string;
  readonly engine: string;
}

/** Sockets by which a program in a sandbox reaches the engine. */
export interface EngineGate {
  /** What the program asked for and did not get, each once. */
  readonly refused: ReadonlySet<string>;
  /** Names of the hooks that it declared, none of which the engine has heard of. */
  readonly hooks: ReadonlySet<string>;
  /** What it has the engine leave as it is. */
  readonly ignored: readonly IgnoredChanges[];
  close(): void;
}

/** Names of the sockets in their folder. */
export const GATE_SOCKETS = { monitor: 'monitor', engine: 'engine' } as const;

/** A program of 70 services says 30 MB. What is small there is large once it is read: 60 MB of `{}` take 1.3 GB. */
const MOST_BYTES = 64 * 1024 * 1024;

/** The state of one gate. */
interface Traffic {
  readonly refused: Set<string>;
  readonly hooks: Set<string>;
  readonly ignored: IgnoredChanges[];
  bytes: number;
}

/**
 * Lets a program that nobody trusts talk to the engine, and to nothing else: each request is parsed, judged, and
 * written afresh, so that the engine gets what was judged. Methods and values by which the engine would reach for
 * something on behalf of the program are refused; hooks are taken out, and named.
 *
 * @param folder an empty folder; its sockets are for whoever can reach it
 */
export async function openEngineGate(
  folder: string,
  { monitor, engine }: EngineAddresses,
): Promise<EngineGate> {
  const traffic: Traffic = { refused: new Set(), hooks: new Set(), ignored: [], bytes: 0 };
  const opened = await Promise.all([
    open(path.join(folder, GATE_SOCKETS.monitor), ResourceMonitorService, monitor, traffic),
    open(path.join(folder, GATE_SOCKETS.engine), EngineService, engine, traffic),
  ]);
  return {
    refused: traffic.refused,
    hooks: traffic.hooks,
    ignored: traffic.ignored,
    close: () => {
      for (const close of opened) close();
    },
  };
}

const OPTIONS = {
  'grpc.max_receive_message_length': MOST_BYTES,
  'grpc.max_send_message_length': -1,
  'grpc.enable_retries': 0,
} as const;

async function open(
  socket: string,
  service: grpc.ServiceDefinition,
  address: string,
  traffic: Traffic,
): Promise<() => void> {
  const client = new grpc.Client(address, grpc.credentials.createInsecure(), {
    ...OPTIONS,
    'grpc.max_receive_message_length': -1,
  });
  const server = new grpc.Server(OPTIONS);
  const methods: readonly (readonly [string, Method])[] = Object.entries(service);
  const handlers = methods.map(([name, method]): [string, grpc.UntypedHandleCall] => [
    name,
    forward(client, method, traffic),
  ]);
  server.addService(counted(service, traffic), Object.fromEntries(handlers));
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, grpc.ServerCredentials.createInsecure(), (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
  // Whoever runs the program may be another account; the folder decides who gets here.
  chmodSync(socket, 0o666);
  return () => {
    server.forceShutdown();
    client.close();
  };
}

/** What the engine answers is passed on as it comes: it is the judge's own. */
type Method = grpc.MethodDefinition<object, Buffer>;

const asItIs = (bytes: Buffer): Buffer => bytes;

/** The same methods, of which the bytes are counted. */
function counted(service: grpc.ServiceDefinition, traffic: Traffic): grpc.ServiceDefinition {
  const methods = Object.entries(service).map(([name, method]): [string, Method] => [
    name,
    {
      ...method,
      responseSerialize: asItIs,
      responseDeserialize: asItIs,
      requestDeserialize: (bytes: Buffer): GatedRequest => {
        traffic.bytes += bytes.length;
        if (traffic.bytes > MOST_BYTES) {
          traffic.refused.add(`more than ${MOST_BYTES} bytes of requests`);
          throw new Error('too much');
        }
        return readRequest(method, bytes);
      },
    },
  ]);
  return Object.fromEntries(methods);
}

/** An empty message. */
const NOTHING = Buffer.alloc(0);

/** The SDK says more of such than it declares resources, and the engine tells them where somebody debugs it. */
function isForNobody(request: object): boolean {
  return request instanceof LogRequest && request.getSeverity() === LogSeverity.DEBUG;
}

function forward(
  client: grpc.Client,
  method: Method,
  { refused, hooks, ignored }: Traffic,
): grpc.handleUnaryCall<GatedRequest, Buffer> {
  return (call, callback) => {
    const { message, properties } = call.request;
    const refusal = refusalOf(method.path, message, properties?.values);
    if (refusal !== undefined) {
      refused.add(refusal);
      callback({ code: grpc.status.PERMISSION_DENIED, details: `A sandbox gives no ${refusal}` });
      return;
    }
    const hooked = withoutHooks(message);
    hooked.names.forEach((name) => hooks.add(name));
    ignored.push(...ignoredChanges(message));
    if (!hooked.isForEngine || isForNobody(message)) {
      callback(null, NOTHING);
      return;
    }
    client.makeUnaryRequest(
      method.path,
      (request: GatedRequest) => writeRequest(method, request),
      asItIs,
      call.request,
      (error, response) => {
        if (error === null) callback(null, response ?? null);
        else callback({ code: error.code, details: error.details });
      },
    );
  };
}
