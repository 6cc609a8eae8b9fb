import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/**
 * A process for the agent's tests; the environment says how it behaves. It writes a line to JOURNAL at
 * each turn of its life.
 */
const {
  JOURNAL = '/dev/null',
  LABEL = 'fixture',
  LISTEN,
  EXIT_CODE,
  HEALTHY_AFTER_LINE = '',
  EXIT_WHEN_GONE,
  IGNORE_SIGTERM,
  STOP_AFTER_LINE,
  STOP_AFTER_MS = '0',
  PRINT_LINES = '0',
  SPAWN_SLEEPER,
} = process.env;

const note = (what: string) => appendFileSync(JOURNAL, `${LABEL} ${what} ${process.pid}\n`);

note('started');
if (SPAWN_SLEEPER !== undefined) {
  const sleeper = spawn('sleep', ['1000']);
  note(`spawned-${sleeper.pid ?? 0}`);
}
process.on('SIGHUP', () => note('hung-up'));
process.on('SIGTERM', () => {
  note('asked-to-stop');
  if (IGNORE_SIGTERM === undefined) {
    const stop = (): void => {
      if (
        STOP_AFTER_LINE !== undefined &&
        !readFileSync(JOURNAL, 'utf8').includes(STOP_AFTER_LINE)
      ) {
        setTimeout(stop, 20);
        return;
      }
      note('stopped');
      process.exit(0);
    };
    setTimeout(stop, Number(STOP_AFTER_MS));
  }
});
// After the handlers: a reader of a line may ask it to stop.
for (let line = 0; line < Number(PRINT_LINES); line += 1) {
  console.log(`line ${line} ${'x'.repeat(80)}`);
}
if (EXIT_CODE !== undefined) {
  console.error(`giving up with ${EXIT_CODE}`);
  process.exit(Number(EXIT_CODE));
}
let healthy = true;
process.on('SIGUSR2', () => (healthy = !healthy));
if (LISTEN !== undefined) {
  const [address = '', port = ''] = LISTEN.split(':');
  createServer((request, response) => {
    const file = new URL(request.url ?? '/', 'http://fixture').searchParams.get('file');
    const isDue = readFileSync(JOURNAL, 'utf8').includes(HEALTHY_AFTER_LINE);
    response.statusCode = healthy && isDue ? 200 : 503;
    response.end(file === null ? `${process.pid}` : readFileSync(file, 'utf8'));
  }).listen(Number(port), address);
} else if (EXIT_WHEN_GONE === undefined) {
  setInterval(() => undefined, 60_000);
}
