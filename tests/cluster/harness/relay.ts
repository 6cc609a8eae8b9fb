import { spawn } from 'node:child_process';
import { connect, createServer, type IpcNetConnectOpts, type TcpNetConnectOpts } from 'node:net';

/**
 * Hands connections on, from where the first argument says to where the second one does: each is a path, or a port of loopback.
 * A socket with a path is reached from every network of the machine. What comes after is a command to run as soon as
 * somebody listens; the relay ends with it.
 */
const [from = '', to = '', ...command] = process.argv.slice(2);

createServer((incoming) => {
  const outgoing = connect(placeOf(to));
  incoming.pipe(outgoing).pipe(incoming);
  incoming.on('error', () => outgoing.destroy());
  outgoing.on('error', () => incoming.destroy());
}).listen(placeOf(from), () => {
  if (command.length > 0) runBeside(command);
});

function placeOf(text: string): IpcNetConnectOpts | TcpNetConnectOpts {
  return text.startsWith('/') ? { path: text } : { host: '127.0.0.1', port: Number(text) };
}

function runBeside(argv: readonly string[]): void {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...argv], { stdio: 'inherit' });
  child.on('exit', (code) => process.exit(code ?? 1));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
}
