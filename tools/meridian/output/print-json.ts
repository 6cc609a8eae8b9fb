import { escaped } from './printable.ts';
import type { Output, OutputName } from './schemas.ts';

/** Prints what a command was asked for with `--json`, as its schema has it. */
export function printJson<Name extends OutputName>(output: Output<Name>): void {
  process.stdout.write(`${escaped(JSON.stringify(output, undefined, 2))}\n`);
}

/** The same for a command that prints a line of JSON for each thing that it meets. */
export function printJsonLine<Name extends OutputName>(output: Output<Name>): void {
  process.stdout.write(`${escaped(JSON.stringify(output))}\n`);
}
