import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { checkServerIdentity, connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { readRedisBinding } from '@meridian/kit/redis/binding.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { openClientTls } from '@meridian/kit/tls/client-tls.ts';

/** A connection to Redis with nothing of the kit's on it. */
export interface RedisPing {
  /** One PING and its answer. */
  ping(): Promise<void>;
  close(): void;
}

/** Connects as the binding says, over TLS, and logs in. */
export async function connectForPing(runtime: Runtime, name: string): Promise<RedisPing> {
  const binding = readRedisBinding(runtime.bindings, name, runtime.workingFolder);
  const tls = openClientTls(binding.tls);
  const socket = connect({
    host: binding.host,
    port: binding.port,
    secureContext: tls.current.context,
    // No name is sent for an address, and Node.js would then check 'localhost'.
    checkServerIdentity: (_host, certificate) => checkServerIdentity(binding.host, certificate),
  });
  tls.close();
  await once(socket, 'secureConnect');
  socket.setNoDelay(true);
  const password = readFileSync(binding.passwordFile, 'utf8').trim();
  await ask(socket, ['AUTH', binding.username, password]);
  return { ping: () => ask(socket, ['PING']), close: () => socket.destroy() };
}

/** Sends a command as RESP has it, an array of bulk strings, and waits for a simple string. */
async function ask(socket: TLSSocket, command: readonly string[]): Promise<void> {
  const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  socket.write(`*${command.length}\r\n${parts.join('')}`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  const text = answer.toString('latin1');
  if (!text.startsWith('+')) throw new Error(`Redis answered ${command[0] ?? ''}: ${text}`);
}
