import type { Server } from 'node:net';
import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { ListenAddress } from '@meridian/language/service-configuration.ts';
import { cannotListen } from '../cannot-listen.ts';

/** Listens; throws a CodedError that names the server where it cannot. */
export function bindServer(server: Server, what: string, listen: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(what, listen, cause)));
    server.listen(listen.port, listen.address, resolve);
  });
}

/** Closes a server and cuts its connections. */
export function closeServer(server: HttpServer | HttpsServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
