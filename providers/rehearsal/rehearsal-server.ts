import * as grpc from '@grpc/grpc-js';
import {
  createRehearsalService,
  LOCAL_PACKAGE,
  REHEARSED_PACKAGES,
} from './provider/rehearsal-service.ts';
import type { RehearsalOptions } from './provider/rehearsal-service.ts';
import { rehearsedService } from './provider/resource-messages.ts';

/** A rehearsal that can be asked. */
export interface RehearsalServer {
  /** What Pulumi needs in its environment to ask it and not a cluster. */
  readonly environment: Readonly<Record<string, string>>;
  close(): void;
}

/** Starts providers that rehearse, on a free port of the loopback interface. */
export async function startRehearsal(options: RehearsalOptions): Promise<RehearsalServer> {
  const server = new grpc.Server({
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  });
  server.addService(rehearsedService(), createRehearsalService(options));
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  const packages = [
    ...REHEARSED_PACKAGES,
    ...(options.localResource === undefined ? [] : [LOCAL_PACKAGE]),
  ];
  return {
    environment: {
      PULUMI_DEBUG_PROVIDERS: packages.map((name) => `${name}:${port}`).join(','),
    },
    close: () => server.forceShutdown(),
  };
}
