import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { DECLARED_FILE_VARIABLE } from '../../infra/declared-file-variable.ts';
import { runSandboxed } from '../review/sandbox/run-sandboxed.ts';
import type { SandboxEnd, SandboxRun } from '../review/sandbox/run-sandboxed.ts';
import type { SandboxLimits } from '../review/sandbox/sandbox-spec.ts';
import { DEFAULT_LIMITS } from '../review/sandbox/sandbox-spec.ts';
import { GATE_SOCKETS, openEngineGate } from './engine-gate.ts';
import type { EngineAddresses } from './engine-gate.ts';
import { GATE_FOLDER, placesInSandbox, sandboxOfProgram } from './program-sandbox.ts';
import type { AskedOfEngine, ProgramSandbox } from './program-sandbox.ts';

/** unix(7): a socket's path is limited to 107 bytes. */
const LONGEST_TEMPORARY_FOLDER = 60;

/** What the engine wants to be run. */
export interface RunOrder {
  readonly addresses: EngineAddresses;
  /** Of Pulumi's SDK, without addresses and places. */
  readonly flags: Readonly<Record<string, string>>;
  readonly isDryRun: boolean;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Called with what runs, before it has ended. */
  readonly onStart: (run: SandboxRun) => void;
}

/** How a program in a sandbox ended: the exit code of its SDK, or what it did or tried. */
export type ProgramEnd = { readonly exitCode: number } | { readonly problem: CodedError };

/** Runs a program in its sandbox, from which it reaches the engine and nothing else. */
export async function runInSandbox(sandbox: ProgramSandbox, order: RunOrder): Promise<ProgramEnd> {
  const temporary = tmpdir().length > LONGEST_TEMPORARY_FOLDER ? '/tmp' : tmpdir();
  const folder = mkdtempSync(path.join(temporary, 'meridian-gate-'));
  const sockets = path.join(folder, 'gate');
  mkdirSync(sockets);
  chmodSync(sockets, 0o755);
  const gate = await openEngineGate(sockets, order.addresses);
  try {
    const { root, folder: pwd } = placesInSandbox(sandbox);
    const flags = {
      ...order.flags,
      monitor: `unix:${path.join(GATE_FOLDER, GATE_SOCKETS.monitor)}`,
      engine: `unix:${path.join(GATE_FOLDER, GATE_SOCKETS.engine)}`,
      'root-directory': root,
      pwd,
    };
    const spec = sandboxOfProgram(sandbox, {
      flags: [
        ...Object.entries(flags).flatMap(([name, value]) =>
          value === '' ? [] : [`--${name}`, value],
        ),
        ...(order.isDryRun ? ['--dry-run'] : []),
      ],
      args: order.args,
      environment: order.environment,
      gate: sockets,
      declaredVariable: DECLARED_FILE_VARIABLE,
    });
    const run = runSandboxed(spec, sandbox.way, {
      stdout: (text) => process.stdout.write(text),
      stderr: (text) => process.stderr.write(text),
    });
    order.onStart(run);
    const ended = await run.ended;
    if (sandbox.askedFile !== undefined) {
      const asked: AskedOfEngine = { hooks: [...gate.hooks].toSorted(), ignored: gate.ignored };
      writeFileSync(sandbox.askedFile, JSON.stringify(asked));
    }
    return endOf(ended, gate.refused, { ...DEFAULT_LIMITS, ...sandbox.limits });
  } finally {
    gate.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A program may have caught what it was refused, and gone on with another plan. */
function endOf(
  { exitCode, signal, stoppedFor }: SandboxEnd,
  refused: ReadonlySet<string>,
  limits: SandboxLimits,
): ProgramEnd {
  if (refused.size > 0) {
    const asked = [...refused].join(', ');
    return {
      problem: new CodedError(
        'SANDBOX_REFUSED',
        `The program asked for what a sandbox does not give: ${asked}.`,
      ),
    };
  }
  if (stoppedFor !== undefined) {
    const limit =
      stoppedFor === 'time'
        ? `${limits.wallMs / 1_000} s`
        : `${limits.memoryBytes} bytes of memory`;
    return {
      problem: new CodedError(
        'SANDBOX_LIMIT',
        `The program took more than ${limit}, and was ended.`,
      ),
    };
  }
  if (exitCode !== null) return { exitCode };
  return {
    problem: new CodedError(
      'SANDBOX_LIMIT',
      `The program was ended by ${String(signal)}, as by a limit of its sandbox; its output says why.`,
    ),
  };
}
