import { credentials } from '@grpc/grpc-js';
import engineService from '@pulumi/pulumi/proto/engine_grpc_pb.js';
import engine from '@pulumi/pulumi/proto/engine_pb.js';
import type { LogSeverity } from '@pulumi/pulumi/proto/engine_pb.js';

/** Where the provider tells the user what it does. */
export interface EngineLog {
  /** What is being waited for: shown beside the resource while it lasts, then forgotten. */
  status(urn: string, message: string): void;
  /** Kept and shown at the end of the operation. */
  warn(urn: string, message: string): void;
  /** Shown with `pulumi --debug` only. */
  debug(message: string): void;
}

/** A log that goes nowhere, for a provider that no engine started. */
export const silentLog: EngineLog = {
  status: () => undefined,
  warn: () => undefined,
  debug: () => undefined,
};

/** The address of the engine that started this process: its only positional argument. */
export function engineAddressIn(args: readonly string[]): string | undefined {
  return args.findLast((argument) => /^[^-].*:\d+$/.test(argument));
}

/** Connects to the engine at this address; without one the log is silent. */
export function connectEngineLog(address: string | undefined): EngineLog {
  if (address === undefined) {
    return silentLog;
  }
  const client = new engineService.EngineClient(address, credentials.createInsecure());
  const send = (severity: LogSeverity, message: string, urn: string, ephemeral: boolean): void => {
    const request = new engine.LogRequest()
      .setSeverity(severity)
      .setMessage(message)
      .setUrn(urn)
      .setEphemeral(ephemeral);
    // A message that is lost must not fail the operation that it is about.
    client.log(request, () => undefined);
  };
  return {
    status: (urn, message) => send(engine.LogSeverity.INFO, message, urn, true),
    warn: (urn, message) => send(engine.LogSeverity.WARNING, message, urn, false),
    debug: (message) => send(engine.LogSeverity.DEBUG, message, '', false),
  };
}
