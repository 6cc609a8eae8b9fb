import path from 'node:path';
import { landed } from '@meridian/components/model/landed.ts';
import { platform } from '../../infra/platform-graph.ts';
import { stagingSettings } from '../../stacks/staging.ts';
import { reportError } from '../meridian/report-error.ts';
import { assembleImage } from './assemble-image.ts';
import { imageContent } from './image-content.ts';

/** `node tools/images/assemble.ts <service> <folder>`: fills the folder with what the image has in /app. */
function main([service, folder, ...rest]: readonly string[]): number {
  if (service === undefined || folder === undefined || rest.length > 0) {
    process.stderr.write('usage: node tools/images/assemble.ts <service> <folder>\n');
    return 64;
  }
  const root = path.dirname(path.dirname(import.meta.dirname));
  // What an image consists of follows from the declarations; a stack only says where it runs.
  const content = imageContent(root, landed(platform(stagingSettings({}))), service);
  const { files, sizeBytes, sha256 } = assembleImage(root, content, path.resolve(folder));
  const size = (sizeBytes / 1024 ** 2).toFixed(1);
  process.stdout.write(`${service}: ${files} files, ${size} MiB, sha256:${sha256}\n`);
  return 0;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  process.exitCode = reportError(error);
}
