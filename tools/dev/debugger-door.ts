import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { once } from 'node:events';
import { isSystemError } from '@meridian/language/thrown.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Place } from './platform-view.ts';

/**
 * One address for a debugger, whichever replica runs: each has a port of its own, as the old one still
 * runs while the new one starts. A swap ends the connections, and a debugger that attaches again finds
 * the new code.
 */
export class DebuggerDoor {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #place: Place | undefined;

  private constructor() {
    this.#server = createServer((socket) => this.#pass(socket));
  }

  /** @throws {CodedError} PORT_TAKEN */
  static async open(port: number): Promise<DebuggerDoor> {
    const door = new DebuggerDoor();
    door.#server.listen(port, '127.0.0.1');
    try {
      await once(door.#server, 'listening');
    } catch (cause) {
      if (!isSystemError(cause, 'EADDRINUSE')) throw cause;
      throw new CodedError(
        'PORT_TAKEN',
        `Debugger port ${port}: must be free on 127.0.0.1, got one in use; stop the debugged program that has it`,
        { cause },
      );
    }
    return door;
  }

  lead(place: Place): void {
    this.#place = place;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #pass(socket: Socket): void {
    if (this.#place === undefined) {
      socket.destroy();
      return;
    }
    const onward = connect(this.#place.port, this.#place.address);
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => other.destroy());
      one.once('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
    socket.pipe(onward).pipe(socket);
  }
}
