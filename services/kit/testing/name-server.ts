import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const HEADER_BYTES = 12;
const TYPE_A = 1;
const NAME_ERROR = 3;

/** A DNS server on 127.0.0.1 that knows one name, with what a headless Service would answer. */
export class NameServer {
  /** IPv4 addresses of the name; without any, there is no such name. Never cached. */
  addresses: readonly string[] = [];
  readonly #socket = createSocket('udp4');

  private constructor() {
    this.#socket.on('message', (query, { port, address }) => {
      this.#socket.send(this.#answer(query), port, address);
    });
  }

  static async start(): Promise<NameServer> {
    const server = new NameServer();
    server.#socket.bind(0, '127.0.0.1');
    await once(server.#socket, 'listening');
    return server;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  close(): void {
    this.#socket.close();
  }

  /** Source: RFC 1035, section 4.1. */
  #answer(query: Buffer): Buffer {
    const question = query.subarray(HEADER_BYTES, query.indexOf(0, HEADER_BYTES) + 5);
    const type = question.readUInt16BE(question.length - 4);
    const found = type === TYPE_A ? this.addresses : [];
    const header = Buffer.alloc(HEADER_BYTES);
    query.copy(header, 0, 0, 2);
    // A response that recursion made, or that there is no such name.
    header.writeUInt16BE(0x8180 | (this.addresses.length === 0 ? NAME_ERROR : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(found.length, 6);
    return Buffer.concat([header, question, ...found.map(record)]);
  }
}

/** An A record of the name of the question, valid for no time at all. */
function record(address: string): Buffer {
  const name = [0xc0, HEADER_BYTES];
  const typeClassTtlLength = [0, TYPE_A, 0, 1, 0, 0, 0, 0, 0, 4];
  return Buffer.from([...name, ...typeClassTtlLength, ...address.split('.').map(Number)]);
}
