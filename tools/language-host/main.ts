/**
 * A Pulumi language host for Node.js programs: the gRPC server that the engine asks to run a
 * program. It speaks `pulumirpc.LanguageRuntime` (the definitions that `@pulumi/pulumi` carries)
 * and prints its port on the first line, as the engine expects. TypeScript is run by Node.js itself.
 */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import * as grpc from '@grpc/grpc-js';
import { endWithEngine } from '@meridian/provider-local/provider/end-with-engine.ts';
import { createLanguageService, killPrograms } from './language-service.ts';

// The engine passes flags (`-root`, `-tracing`) and last its own address.
const { positionals } = parseArgs({ args: process.argv.slice(2), strict: false });
const engineAddress = positionals.at(-1);

/** A program that is asked to end has nothing to undo: the engine that would record it has gone. */
const GRACE_MS = 0;
endWithEngine({ engineAddress, onEngineGone: killPrograms, graceMs: GRACE_MS });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    killPrograms();
    process.exit(0);
  });
}

// The generated service definitions are CommonJS without type declarations of the service.
const require = createRequire(import.meta.url);
const { LanguageRuntimeService } = require('@pulumi/pulumi/proto/language_grpc_pb.js') as {
  readonly LanguageRuntimeService: grpc.ServiceDefinition;
};

const server = new grpc.Server({
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
});
server.addService(LanguageRuntimeService, createLanguageService(engineAddress));
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
});
