import { commands } from '../bootstrap/commands.mjs';
import { actions } from './actions.ts';
import { commandLine, type Call } from './command-line.ts';
import { goOnWithoutReader } from './reader.ts';
import { reportError } from './report-error.ts';

async function carryOut(call: Call): Promise<number> {
  if (process.getuid?.() === 0) {
    const { handedOver } = await import('./as-root.ts');
    const exitCode = await handedOver(call);
    if (exitCode !== undefined) return exitCode;
  }
  const action = await actions[call.entry.name]();
  return await action(...(call.given as never[]));
}

goOnWithoutReader(commands.find(({ name }) => name === process.argv[2])?.onlyPrints === true);

let exitCode = 0;
try {
  await commandLine(async (call) => {
    exitCode = await carryOut(call);
  }).parseAsync();
} catch (error) {
  exitCode = reportError(error);
}
process.exitCode = exitCode;
