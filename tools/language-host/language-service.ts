import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as grpc from '@grpc/grpc-js';
import type * as languageMessages from '@pulumi/pulumi/proto/language_pb.js';
import type * as pluginMessages from '@pulumi/pulumi/proto/plugin_pb.js';

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
      runProgram(call, engine, callback);
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
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    'root-directory': root,
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
  };
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
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
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
      stdio: 'inherit',
    },
  );
  keep(child, call);
  child.on('error', (cause) => callback(cause));
  child.on('exit', (code, signal) => {
    const response = new language.RunResponse();
    if (code === exitCodeAfterLogging) response.setBail(true);
    else if (code !== 0) {
      response.setError(
        `The program ended with ${code === null ? `signal ${String(signal)}` : `exit code ${code}`}; its output says why.`,
      );
    }
    callback(null, response);
  });
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
      '--disable-warning=ExperimentalWarning',
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
