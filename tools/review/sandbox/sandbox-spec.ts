/** A file or folder of the machine, and where the sandbox has it. */
export interface Mount {
  readonly from: string;
  readonly at: string;
}

/** What a command may use. */
export interface SandboxLimits {
  /** Private memory that a process may write to (RLIMIT_DATA): V8 reserves far more addresses than it uses. */
  readonly processMemoryBytes: number;
  /** Memory of all processes together, as it is watched from outside. */
  readonly memoryBytes: number;
  /** Processes and threads, of which Node.js has a dozen. */
  readonly processes: number;
  readonly fileBytes: number;
  readonly temporaryBytes: number;
  /** CPU time of a process. */
  readonly cpuSeconds: number;
  /** From start to end. */
  readonly wallMs: number;
  /** What it may print; the rest is dropped. */
  readonly outputBytes: number;
}

/** A command in a sandbox: it sees what is mounted and what its environment says, and nothing else. */
export interface SandboxSpec {
  /** By its path in the sandbox. */
  readonly command: readonly [string, ...string[]];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly readOnly: readonly Mount[];
  /** Files that it may write in place, such as one for what it has to say. @default none */
  readonly writable?: readonly Mount[];
  readonly limits: SandboxLimits;
}

const MEBIBYTE = 1024 * 1024;

/** Several times what the program of 7 services takes: 0.5 GiB and 20 s of a slow core. */
export const DEFAULT_LIMITS: SandboxLimits = {
  processMemoryBytes: 3072 * MEBIBYTE,
  memoryBytes: 4096 * MEBIBYTE,
  processes: 128,
  fileBytes: 32 * MEBIBYTE,
  temporaryBytes: 64 * MEBIBYTE,
  cpuSeconds: 240,
  wallMs: 300_000,
  outputBytes: MEBIBYTE,
};
