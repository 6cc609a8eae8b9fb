import { Command, InvalidArgumentError, Option } from 'commander';
import { commands } from '../bootstrap/commands.mjs';
import type { Command as Entry, CommandName, Flag } from '../bootstrap/commands.mjs';
import { givenSetting } from './given-setting.ts';

/** A command of the table as somebody has called it. */
export interface Call {
  readonly entry: Entry & { readonly name: CommandName };
  /** What its action is called with: arguments, then options. */
  readonly given: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** The command line with its help, as the table of commands has it. */
export function commandLine(carryOut: (call: Call) => Promise<void>): Command {
  const program = new Command('meridian')
    .description('A whole production platform in one typed program: run it, review it, prove it.')
    .showHelpAfterError('(--help lists what there is)')
    .addHelpText(
      'after',
      `
Examples:
  ./meridian up                   bring the local platform up (pulumi up); npm start does the same
  ./meridian up --json            the same, for scripts (docs/schemas says what is printed)
  ./meridian logs catalog         the last lines of every replica of catalog
  eval "$(./meridian env)"        then plain: pulumi preview --stack local
  ./meridian destroy --yes        remove the platform with its data, without asking`,
    );
  for (const entry of commands) {
    const command = program.command([entry.name, entry.takes].join(' ').trim());
    command.description(entry.summary).action(async (...given: unknown[]) => {
      await carryOut({ entry, given: given.slice(0, -1), options: command.opts() });
    });
    for (const flag of entry.flags ?? []) command.addOption(optionOf(flag));
    const { misuse } = entry as Entry;
    if (misuse !== undefined) {
      command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : misuse));
    }
  }
  return program;
}

function optionOf({ flags, summary, reads, preset, required }: Flag): Option {
  const option = new Option(flags, summary).makeOptionMandatory(required === true);
  if (reads === 'setting') option.argParser(givenSetting);
  else if (reads !== undefined) option.argParser(countUpTo(reads));
  return preset === undefined ? option : option.default(preset);
}

function countUpTo(maximum: number): (value: string) => number {
  return (value) => {
    const count = Number(value);
    if (!Number.isInteger(count) || count < 1 || count > maximum) {
      throw new InvalidArgumentError(`must be a whole number from 1 to ${maximum}.`);
    }
    return count;
  };
}
