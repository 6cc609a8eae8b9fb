import { createSocket } from 'node:dgram';

/** Stands in for a public resolver: it answers any question with the same name servers, or that there is no such name. */
export interface DnsStandIn extends Disposable {
  /** As resolvers are named: address and port. */
  readonly resolver: string;
}

const HEADER_BYTES = 12;
const TYPE_AND_CLASS_BYTES = 4;
const ANSWERED = 0x81_80;
const NO_SUCH_NAME = 0x81_83;

/** Starts it. The form of messages is that of RFC 1035, section 4. */
export async function dnsStandIn(nameServers: readonly string[]): Promise<DnsStandIn> {
  const socket = createSocket('udp4');
  socket.on('message', (asked, from) => {
    const questionEnd = asked.indexOf(0, HEADER_BYTES) + 1 + TYPE_AND_CLASS_BYTES;
    const header = Buffer.alloc(HEADER_BYTES);
    asked.copy(header, 0, 0, 2);
    header.writeUInt16BE(nameServers.length === 0 ? NO_SUCH_NAME : ANSWERED, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(nameServers.length, 6);
    const question = asked.subarray(HEADER_BYTES, questionEnd);
    socket.send(
      Buffer.concat([header, question, ...nameServers.map((name) => record(name))]),
      from.port,
      from.address,
    );
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    resolver: `127.0.0.1:${socket.address().port}`,
    [Symbol.dispose]: () => {
      socket.close();
    },
  };
}

/** A record of type NS of the name that was asked for. */
function record(nameServer: string): Buffer {
  const name = Buffer.concat([
    ...nameServer.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);
  const ofQuestion = [0xc0, HEADER_BYTES];
  const typeClassAndTime = [0, 2, 0, 1, 0, 0, 0, 60];
  return Buffer.concat([Buffer.from([...ofQuestion, ...typeClassAndTime, 0, name.length]), name]);
}
