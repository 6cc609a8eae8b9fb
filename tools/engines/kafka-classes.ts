import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { isWritable } from './cache.ts';
import type { Progress } from './engine.ts';
import { withoutJavaOptions } from './java.ts';
import { run } from './run.ts';

/** The archive beside the jars, which `bin/kafka` hands to Java, and of which Java it is. */
export const CLASS_ARCHIVE = 'classes.jsa';
const ARCHIVE_JAVA = 'classes.java';

const ADDRESS = '127.0.0.1';
/** Any will do: the broker lives for seconds. */
const CLUSTER_ID = 'bWVyaWRpYW4tY2xhc3Nlcw';

/**
 * Has Java keep the classes of a start of Kafka as it has read and verified them (JEP 350): a broker then starts
 * with three fifths of the processor time. An archive is good for the Java and the paths that wrote it, and is
 * written again with another; without one a broker starts as well, only slower.
 *
 * @param folder of the installed Kafka, at its final place
 */
export async function archiveKafkaClasses(folder: string, progress: Progress): Promise<void> {
  const java = javaDigest(path.join(folder, 'java'));
  const [archive, note] = [path.join(folder, CLASS_ARCHIVE), path.join(folder, ARCHIVE_JAVA)];
  if (existsSync(note) && readFileSync(note, 'utf8') === java) return;
  // What root installed, others use as it is.
  if (!isWritable(folder)) return;
  rmSync(archive, { force: true });
  progress.report('keeping the classes of a start (once for each Java)');
  const own = mkdtempSync(path.join(folder, 'classes-'));
  try {
    const written = path.join(own, CLASS_ARCHIVE);
    await startOnce(folder, own, written, progress);
    if (existsSync(written)) {
      chmodSync(written, 0o644);
      renameSync(written, archive);
    }
    writeFileSync(note, java, { mode: 0o644 });
  } finally {
    rmSync(own, { recursive: true });
  }
}

/** A Java that cannot archive classes, as one without an archive of its own, leaves none. */
async function startOnce(
  folder: string,
  own: string,
  archive: string,
  progress: Progress,
): Promise<void> {
  const [clients, controllers] = await freePorts();
  const storage = path.join(own, 'storage');
  const configuration = path.join(own, 'server.properties');
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${ADDRESS}:${controllers}`,
    listeners: `CLIENTS://${ADDRESS}:${clients},CONTROLLERS://${ADDRESS}:${controllers}`,
    'listener.security.protocol.map': 'CLIENTS:PLAINTEXT,CONTROLLERS:PLAINTEXT',
    'controller.listener.names': 'CONTROLLERS',
    'inter.broker.listener.name': 'CLIENTS',
    'log.dirs': storage,
    'log.cleaner.dedupe.buffer.size': 2_097_152,
    'offsets.topic.replication.factor': 1,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(configuration, lines.join(''));
  try {
    await run({
      argv: [
        path.join(folder, 'bin/kafka'),
        ...['-Xmx128m', '-XX:+UseSerialGC', `-XX:ArchiveClassesAtExit=${archive}`],
        ...['meridian.kafka.ArchivedStart', configuration, CLUSTER_ID, storage],
        `${ADDRESS}:${clients}`,
      ],
      environment: withoutJavaOptions,
      signal: progress.signal,
    });
  } catch (error) {
    if (!(error instanceof CodedError) || progress.signal.aborted) throw error;
    rmSync(archive, { force: true });
  }
}

/** Tells one Java from another at the same path. */
function javaDigest(home: string): string {
  const { size, mtimeMs } = statSync(path.join(home, 'lib/server/libjvm.so'));
  return createHash('sha256').update(`${size} ${mtimeMs}`).digest('hex');
}

async function freePorts(): Promise<readonly number[]> {
  const servers = [createServer(), createServer()];
  const ports: number[] = [];
  for (const server of servers) {
    await once(server.listen(0, ADDRESS), 'listening');
    ports.push((server.address() as AddressInfo).port);
  }
  for (const server of servers) await once(server.close(), 'close');
  return ports;
}
