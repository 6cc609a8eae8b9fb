import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import type { FileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * Compiles .proto modules with buf into descriptors that keep the comments, which generated code does
 * not. For the generator and tests only: a running gateway has no buf.
 *
 * @param root folder that the module folders are relative to.
 * @throws {Error} with buf's own message if a module does not compile.
 */
export async function buildDescriptorSet(
  root: string,
  modules: readonly string[],
): Promise<FileRegistry> {
  const buf = createRequire(import.meta.url).resolve('@bufbuild/buf/bin/buf');
  const config = { version: 'v2', modules: modules.map((path) => ({ path })) };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [buf, 'build', '--config', JSON.stringify(config), '--output', '-'],
    { cwd: root, encoding: 'buffer', maxBuffer: MAX_OUTPUT_BYTES },
  );
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, stdout));
}
