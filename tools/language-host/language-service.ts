import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as grpc from '@grpc/grpc-js';
import type * as languageMessages from '@pulumi/pulumi/proto/language_pb.js';
import type * as pluginMessages from '@pulumi/pulumi/proto/plugin_pb.js';
import { programSandbox } from './program-sandbox.ts';
import type { ProgramSandbox } from './program-sandbox.ts';
import { PRELOADS, sdkArguments } from './sdk-arguments.ts';

const require = createRequire(import.meta.url);
const language = require('@pulumi/pulumi/proto/language_pb.js') as typeof languageMessages;
const plugin = require('@pulumi/pulumi/proto/plugin_pb.js') as typeof pluginMessages;
const { Empty } = require('google-protobuf/google/protobuf/empty_pb.js') as {
  readonly Empty: new () => object;
};
const { version } = require('@pulumi/pulumi/package.json') as { readonly version: string };

/** The exit code by which the SDK says that it has already told the user what went wrong. */
const exitCodeAfterLogging = 32;

/**
 * Implements `pulumirpc.LanguageRuntime` for Node.js. Methods that only matter where Pulumi
 * generates SDKs are left out, so gRPC answers UNIMPLEMENTED for them.
 *
 * @param engineAddress host:port of the engine, passed on to programs and policy packs.
 */
export function createLanguageService(
  engineAddress: string | undefined,
): grpc.UntypedServiceImplementation {
  let engine = engineAddress;
  return {
    handshake(
      call: grpc.ServerUnaryCall<languageMessages.LanguageHandshakeRequest, unknown>,
      callback: grpc.sendUnaryData<unknown>,
    ) {
      engine = call.request.getEngineAddress() || engine;
      callback(null, new language.LanguageHandshakeResponse());
    },
    getPluginInfo(_call: unknown, callback: grpc.sendUnaryData<unknown>) {
      const info = new plugin.PluginInfo();
      info.setVersion(version);
      callback(null, info);
    },
    getRequiredPackages(_call: unknown, callback: grpc.sendUnaryData<unknown>) {
      // The program's own provider is named in Pulumi.yaml; there is nothing to download.
      callback(null, new language.GetRequiredPackagesResponse());
    },
    getRequiredPlugins(_call: unknown, callback: grpc.sendUnaryData<unknown>) {
      callback(null, new language.GetRequiredPluginsResponse());
    },
    getProgramDependencies(_call: unknown, callback: grpc.sendUnaryData<unknown>) {
      callback(null, new language.GetProgramDependenciesResponse());
    },
    about(_call: unknown, callback: grpc.sendUnaryData<unknown>) {
      const about = new language.AboutResponse();
      about.setExecutable(process.execPath);
      about.setVersion(process.version);
      callback(null, about);
    },
    cancel(_call: unknown, callback: grpc.sendUnaryData<unknown>) {
      callback(null, new Empty());
    },
    run(
      call: grpc.ServerUnaryCall<languageMessages.RunRequest, unknown>,
      callback: grpc.sendUnaryData<unknown>,
    ) {
      const sandbox = programSandbox(process.env);
      if (sandbox === undefined) {
        runProgram(call, engine, callback);
        return;
      }
      runProgramInSandbox(sandbox, call, engine).then(
        (response) => callback(null, response),
        (cause: unknown) => callback(cause instanceof Error ? cause : new Error(String(cause))),
      );
    },
    runPlugin(call: grpc.ServerWritableStream<languageMessages.RunPluginRequest, unknown>) {
      runPolicyPack(call);
    },
  };
}

function runProgram(
  call: grpc.ServerUnaryCall<languageMessages.RunRequest, unknown>,
  engine: string | undefined,
  callback: grpc.sendUnaryData<unknown>,
): void {
  const request = call.request;
  const info = request.getInfo();
  const root = info?.getRootDirectory() ?? request.getPwd();
  const entryPoint = info?.getEntryPoint() ?? '.';
  const directory = info?.getProgramDirectory() ?? request.getPwd();
  const flags: Readonly<Record<string, string>> = {
    monitor: request.getMonitorAddress(),
    engine: engine ?? '',
    'root-directory': root,
    pwd: request.getPwd(),
    ...flagsOf(request),
  };
  const child = spawn(
    process.execPath,
    [
      ...sdkArguments(PRELOADS),
      require.resolve('@pulumi/pulumi/cmd/run/index.js'),
      ...Object.entries(flags).flatMap(([name, value]) =>
        value === '' ? [] : [`--${name}`, value],
      ),
      ...(request.getDryrun() ? ['--dry-run'] : []),
      path.resolve(directory, entryPoint),
      ...request.getArgsList(),
    ],
    {
      cwd: request.getPwd(),
      env: {
        ...process.env,
        ...configuration(request),
      },
      stdio: 'inherit',
    },
  );
  keep(child, call);
  child.on('error', (cause) => callback(cause));
  child.on('exit', (code, signal) => {
    callback(
      null,
      code === null
        ? failedRun(`The program ended with signal ${String(signal)}; its output says why.`)
        : endedRun(code),
    );
  });
}

/** Runs the program in the sandbox that the environment names, from which it reaches the engine alone. */
async function runProgramInSandbox(
  sandbox: ProgramSandbox,
  call: grpc.ServerUnaryCall<languageMessages.RunRequest, unknown>,
  engine: string | undefined,
): Promise<languageMessages.RunResponse> {
  const request = call.request;
  // It would be loaded by each deployment, and none of those has a sandbox.
  const { runInSandbox } = await import('./sandboxed-program.ts');
  const end = await runInSandbox(sandbox, {
    addresses: { monitor: request.getMonitorAddress(), engine: engine ?? '' },
    flags: flagsOf(request),
    isDryRun: request.getDryrun(),
    args: request.getArgsList(),
    environment: configuration(request),
    onStart: (run) => keep(run.process, call),
  });
  if ('exitCode' in end) return endedRun(end.exitCode);
  const { code, message } = end.problem;
  return failedRun(`${message} [${code}]`);
}

function flagsOf(request: languageMessages.RunRequest): Readonly<Record<string, string>> {
  return {
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    parallel: String(request.getParallel()),
  };
}

function configuration(
  request: languageMessages.RunRequest,
): Readonly<Record<'PULUMI_CONFIG' | 'PULUMI_CONFIG_SECRET_KEYS', string>> {
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
}

function endedRun(exitCode: number): languageMessages.RunResponse {
  if (exitCode === exitCodeAfterLogging) {
    const response = new language.RunResponse();
    response.setBail(true);
    return response;
  }
  return exitCode === 0
    ? new language.RunResponse()
    : failedRun(`The program ended with exit code ${exitCode}; its output says why.`);
}

function failedRun(error: string): languageMessages.RunResponse {
  const response = new language.RunResponse();
  response.setError(error);
  return response;
}

function runPolicyPack(
  call: grpc.ServerWritableStream<languageMessages.RunPluginRequest, unknown>,
): void {
  const request = call.request;
  const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const environment = Object.fromEntries(
    request.getEnvList().map((entry) => {
      const separator = entry.indexOf('=');
      return [entry.slice(0, separator), entry.slice(separator + 1)];
    }),
  );
  const child = spawn(
    process.execPath,
    [
      ...sdkArguments(PRELOADS),
      require.resolve('@pulumi/pulumi/cmd/run-policy-pack/index.js'),
      ...request.getArgsList(),
      folder,
    ],
    {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  keep(child, call);
  child.stdout.on('data', (chunk: Buffer) => {
    const response = new language.RunPluginResponse();
    response.setStdout(chunk);
    call.write(response);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    const response = new language.RunPluginResponse();
    response.setStderr(chunk);
    call.write(response);
  });
  child.on('close', (code) => {
    const response = new language.RunPluginResponse();
    response.setExitcode(code ?? 1);
    call.write(response);
    call.end();
  });
}

/** What was started and has not ended yet. */
const running = new Set<ChildProcess>();

/** Kills the programs and policy packs that run: their engine has gone. */
export function killPrograms(): void {
  for (const child of running) child.kill('SIGKILL');
}

function keep(
  child: ChildProcess,
  call: { on(event: 'cancelled', listener: () => void): unknown },
): void {
  running.add(child);
  child.once('close', () => running.delete(child));
  call.on('cancelled', () => child.kill('SIGTERM'));
}
