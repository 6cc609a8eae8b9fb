import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ExportedResource } from '../../../tools/meridian/rehearsal/exported-resource.ts';
import { Rehearsal } from '../../../tools/meridian/rehearsal/rehearsal.ts';
import { rehearsalPrograms } from '../../../tools/meridian/rehearsal/rehearsal-programs.ts';
import { programFolder } from '../../../tools/meridian/places.ts';

/** The platform's own project file is one level above of bootstrap's, which has none of what a rehearsal looks for beside it. */
const PROJECT = {
  name: 'meridian',
  runtime: { name: 'nodejs', options: { typescript: false } },
  main: 'bootstrap/index.ts',
};

/** What bootstrap makes in an account of examples, with a registry of its own: its program is rehearsed, as the platform's is. */
export async function bootstrapResources(): Promise<readonly ExportedResource[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-bootstrap-'));
  const rehearsal = await Rehearsal.create('prod', await rehearsalPrograms());
  try {
    for (const entry of readdirSync(programFolder)) {
      if (/^Pulumi\..*yaml$|^\.git/.test(entry)) continue;
      symlinkSync(path.join(programFolder, entry), path.join(folder, entry));
    }
    writeFileSync(path.join(folder, 'Pulumi.yaml'), JSON.stringify(PROJECT));
    const settings = readFileSync(path.join(programFolder, 'bootstrap/Pulumi.prod.yaml'), 'utf8');
    writeFileSync(
      path.join(folder, 'Pulumi.prod.yaml'),
      settings.replace('  # meridian-bootstrap:images:', '  meridian-bootstrap:images:'),
    );
    await rehearsal.run('up', { folder });
    return await rehearsal.resources({ folder });
  } finally {
    rehearsal.remove();
    rmSync(folder, { recursive: true });
  }
}
