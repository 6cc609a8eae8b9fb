import { SHARED_NODE_SETTINGS } from '../node-settings.ts';
import type { NodeSetting } from '../node-settings.ts';

/** Where a node listens. */
export interface NodeListen {
  readonly address: string;
  /** For clients. */
  readonly port: number;
  /** For other nodes, of which there are none here; a node has it all the same. */
  readonly transportPort: number;
}

/** What a node is called, and where it listens. */
export interface LocalNode extends NodeListen {
  readonly cluster: string;
  readonly name: string;
}

/** Identity folder of a node, in its process's own folder, which is its configuration folder. */
export const NODE_IDENTITY_FOLDER = 'tls';

const TLS: Readonly<Record<string, NodeSetting>> = {
  enabled: true,
  key: `${NODE_IDENTITY_FOLDER}/tls.key`,
  certificate: `${NODE_IDENTITY_FOLDER}/tls.crt`,
  certificate_authorities: [`${NODE_IDENTITY_FOLDER}/ca.crt`],
  client_authentication: 'required',
};

/**
 * elasticsearch.yml. Every line is a setting and its value as JSON, which YAML takes; the folders are
 * quoted by the agent.
 */
export function nodeConfiguration({
  cluster,
  name,
  address,
  port,
  transportPort,
}: LocalNode): string {
  const settings: Readonly<Record<string, NodeSetting>> = {
    'cluster.name': cluster,
    'node.name': name,
    'network.host': address,
    'http.port': port,
    'transport.port': transportPort,
    // Local: one node, which holds what can be built again from the catalogue.
    'discovery.type': 'single-node',
    ...SHARED_NODE_SETTINGS,
    ...tls('xpack.security.http.ssl'),
    ...tls('xpack.security.transport.ssl'),
    ...USERS_FROM_FILES,
    ...WATERMARKS,
    // Local: one machine for everything.
    'node.processors': 2,
    // Renewed certificates, users and roles are looked for this often.
    'resource.reload.interval.high': '1s',
  };
  return [
    'path.data: "${data:json}/storage"',
    'path.logs: "${data:json}/logs"',
    ...Object.entries(settings).map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
    '',
  ].join('\n');
}

function tls(prefix: string): Readonly<Record<string, NodeSetting>> {
  return {
    'xpack.security.enabled': true,
    ...Object.fromEntries(Object.entries(TLS).map(([key, value]) => [`${prefix}.${key}`, value])),
  };
}

/**
 * Users and roles are those of files. Nobody keeps others in an index: its mapping has a filter that
 * this distribution lacks, and the platform's program is where they are declared.
 */
const USERS_FROM_FILES: Readonly<Record<string, NodeSetting>> = {
  'xpack.security.authc.realms.file.file.order': 0,
  'xpack.security.authc.realms.native.native.enabled': false,
  'xpack.security.authc.realms.native.native.order': 1,
  'xpack.security.authc.reserved_realm.enabled': false,
  'xpack.security.authc.api_key.enabled': false,
  'xpack.security.authc.token.enabled': false,
};

/**
 * How much of the disk must be free. In bytes: a laptop's disk is often fuller than the shares that
 * Elasticsearch asks for, of which it would make every index read-only at 95 %.
 */
const WATERMARKS: Readonly<Record<string, NodeSetting>> = {
  'cluster.routing.allocation.disk.watermark.low': '1gb',
  'cluster.routing.allocation.disk.watermark.high': '512mb',
  'cluster.routing.allocation.disk.watermark.flood_stage': '256mb',
};

/**
 * Options of the Java virtual machine, one a line: a heap that is enough here and grows as it is used, and
 * a start that is quick.
 */
export const JVM_OPTIONS = [
  '-Xms64m',
  '-Xmx256m',
  '-Xss512k',
  '-XX:+UseSerialGC',
  // The second compiler took twice the CPU seconds for the same shoppers (5 a second), who waited longer.
  '-XX:TieredStopAtLevel=1',
  // What the heap does not hold yet need not be in memory.
  '-XX:-AlwaysPreTouch',
  // A node without memory must not linger half alive; its agent starts it again.
  '-XX:+ExitOnOutOfMemoryError',
  // Roles that Elasticsearch brings along are not copied into an index, which nobody would ask.
  '-Des.queryable_built_in_roles_enabled=false',
  '-Djava.io.tmpdir=${data}/tmp',
  '',
].join('\n');

/** Options of the program that starts the node, and stays to pass a signal on. */
export const LAUNCHER_OPTIONS = '-XX:TieredStopAtLevel=1 -Xmx24m -Xss256k';

/** Log4j 2: what a node says goes to its output. */
export const LOG_PROPERTIES = [
  'status = error',
  'appender.output.type = Console',
  'appender.output.name = output',
  'appender.output.layout.type = PatternLayout',
  'appender.output.layout.pattern = %d{ISO8601} %p %c{1.} %m%consoleException%n',
  'rootLogger.level = warn',
  'rootLogger.appenderRef.output.ref = output',
  'logger.node.name = org.elasticsearch.node.Node',
  'logger.node.level = info',
  '',
].join('\n');

/** users_roles: a role and who has it, a line each. */
export function usersRolesFile(users: readonly { readonly user: string; readonly role: string }[]) {
  return users.map(({ user, role }) => `${role}:${user}\n`).join('');
}

/**
 * Starts a node with its folders in place. The passwords' hashes lie outside of the process's own folder,
 * beside the passwords; a node reads the file again when it changes.
 *
 * @param program bin/elasticsearch
 */
export function startCommand(program: string, usersFile: string): readonly string[] {
  const script = [
    'umask 077',
    'data=$1; users=$2; shift 2',
    'mkdir -p "$data/tmp" && ln -sfn "$users" users || exit',
    // What a killed node left there is nobody's; the keystore is made at each start, and holds no secret.
    'rm -rf "$data/tmp/"* elasticsearch.keystore*',
    'exec "$@"',
  ].join('\n');
  return ['/bin/sh', '-c', script, 'start', '${data}', usersFile, program];
}
