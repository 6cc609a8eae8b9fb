import { execFile } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type { EditedFiles } from './corpus-change.ts';

/** A contract's file, with the service of it and its path in its module. */
const CONTRACT = /^(services\/[^/]+\/contract)\/proto\/(.+)\.proto$/;

/** The descriptor of a file in what protoc-gen-es makes of it. */
const DESCRIPTOR = /(?<=\bfileDesc\(")[A-Za-z0-9+/]+=*(?=")/;

/**
 * Adds to an edit of contracts what is generated of them: buf compiles them, and the generated modules get their
 * descriptors. That is all that a declaration reads of those; types and messages that come or go it does not.
 */
export async function withGenerated(
  programFolder: string,
  files: EditedFiles,
): Promise<EditedFiles> {
  const contracts = Object.keys(files).filter((file) => CONTRACT.test(file));
  if (contracts.length === 0) return files;
  const descriptors = await compiled(programFolder, files);
  const generated = contracts.map((contract) => {
    const [, folder = '', name = ''] = CONTRACT.exec(contract) ?? [];
    const module = `${folder}/gen/${name}_pb.js`;
    const text = readFileSync(path.join(programFolder, module), 'utf8');
    return [module, text.replace(DESCRIPTOR, () => descriptors.get(`${name}.proto`) ?? '')];
  });
  return { ...files, ...(Object.fromEntries(generated) as EditedFiles) };
}

/** The descriptors of all contracts in base64, by their names. Throws what buf says of those that are none. */
async function compiled(
  programFolder: string,
  files: EditedFiles,
): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-contracts-'));
  try {
    const kept = ['buf.yaml', ...globSync('services/*/contract/proto', { cwd: programFolder })];
    for (const one of kept) {
      cpSync(path.join(programFolder, one), path.join(folder, one), { recursive: true });
    }
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
    const buf = path.join(programFolder, 'node_modules/@bufbuild/buf/bin/buf');
    const image = path.join(folder, 'image.binpb');
    const args = [buf, 'build', '--exclude-source-info', '--output', image];
    await promisify(execFile)(process.execPath, args, { cwd: folder });
    const { file } = fromBinary(FileDescriptorSetSchema, readFileSync(image));
    return new Map(
      file.map((one) => [
        one.name,
        Buffer.from(toBinary(FileDescriptorProtoSchema, one)).toString('base64'),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
