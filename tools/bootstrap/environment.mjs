import { accessSync, constants, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';

/**
 * Names and networks of this machine, in the forms that clients know: a suffix, an address, a network
 * (curl, Go, grpc-js) and a range (Node.js).
 */
const loopback = ['localhost', '127.0.0.1', '127.0.0.0/8', '127.0.0.0-127.255.255.255', '::1'];

/**
 * Settings of clients that are meant for servers other than the platform's own; and of tar, which copies
 * programs here: by them it would write elsewhere, or leave files out (GNU tar, "Environment").
 */
const foreign = /^(PG[A-Z]+|GRPC_[A-Z_]+|grpc_proxy|GRPC_PROXY|TAPE|TAR_OPTIONS)$/;

/**
 * The variables by which no proxy stands between parts of this machine; what they said stays said.
 * grpc-js reads `no_grpc_proxy` alone where it is set, and knows no wildcard (its http_proxy.ts).
 *
 * @param {NodeJS.ProcessEnv} environment
 * @returns {{ no_proxy: string, NO_PROXY: string, no_grpc_proxy: string }}
 */
export function directLoopback(environment) {
  const lower = environment.no_proxy || environment.NO_PROXY;
  const upper = environment.NO_PROXY || environment.no_proxy;
  return {
    no_proxy: withLoopback(lower),
    NO_PROXY: withLoopback(upper),
    no_grpc_proxy: withLoopback(environment.no_grpc_proxy || lower),
  };
}

function withLoopback(list = '') {
  // grpc-js takes a blank for a part of the name.
  const said = list.split(',').map((entry) => entry.trim());
  return [...new Set([...said.filter((entry) => entry !== ''), ...loopback])].join(',');
}

/**
 * The environment in which the command works: the caller's, so that npm, pip, mvn and go find their
 * settings and proxies, without what steers clients of the platform itself, and with folders that can
 * be used. What Pulumi and the platform get is an allow-list (tools/meridian/pulumi-environment.ts).
 *
 * @param {NodeJS.ProcessEnv} environment
 * @param {(line: string) => void} say
 * @returns {Record<string, string>}
 * @throws {Error} when nobody knows the user's home
 */
export function commandEnvironment(environment, say) {
  const kept = Object.fromEntries(
    Object.entries(environment).filter(([name]) => !foreign.test(name)),
  );
  for (const name of ['TMPDIR', 'TMP', 'TEMP', 'XDG_RUNTIME_DIR']) {
    const folder = kept[name];
    if (folder === undefined || folder === '' || isUsable(folder, name)) continue;
    say(`${name} '${folder}' is not a folder that can be written to; going on without it.`);
    delete kept[name];
  }
  // "All paths … must be absolute. If an implementation encounters a relative path … it should
  // consider the path invalid and ignore it" (XDG Base Directory Specification).
  for (const name of ['XDG_STATE_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME']) {
    if (kept[name] !== undefined && !path.isAbsolute(kept[name])) delete kept[name];
  }
  if (!path.isAbsolute(kept.HOME ?? '')) kept.HOME = homeOfAccount(kept.HOME);
  return { ...kept, ...directLoopback(kept) };
}

/**
 * Makes this process's environment that of the command, for itself and for all that it starts.
 *
 * @param {(line: string) => void} say
 */
export function adoptCommandEnvironment(say) {
  const environment = commandEnvironment(process.env, say);
  for (const name of Object.keys(process.env)) {
    if (!(name in environment)) delete process.env[name];
  }
  Object.assign(process.env, environment);
  // What others may not write stays so, whatever the caller's umask is.
  process.umask(process.umask() | 0o022);
}

/** Whether files can be made in a folder: in root's temporary one also by the account that goes on. */
function isUsable(folder, name) {
  try {
    const { mode } = statSync(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
    const isShared = (mode & 0o003) === 0o003;
    return (
      path.isAbsolute(folder) && (process.getuid() !== 0 || name.startsWith('XDG') || isShared)
    );
  } catch (error) {
    if (error.code === undefined) throw error;
    return false;
  }
}

function homeOfAccount(given) {
  const { homedir } = userOfProcess() ?? { homedir: '' };
  if (path.isAbsolute(homedir)) return homedir;
  throw new Error(
    `HOME must be an absolute path, got '${given ?? ''}', and user ${process.getuid()} has no entry in /etc/passwd; set HOME to a folder of your own.`,
  );
}

function userOfProcess() {
  try {
    return userInfo();
  } catch (error) {
    // A container may run a user that /etc/passwd does not have.
    if (error.code === undefined) throw error;
    return undefined;
  }
}
