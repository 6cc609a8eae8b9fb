import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes a program of Pulumi's that declares so many ConfigMaps and nothing else: what the engine, its SDK and the
 * provider take for as many resources, whatever is in them.
 *
 * @param folder an empty one
 * @param root folder of the clone, whose packages and language host it runs with
 */
export function writeBareProgram(folder: string, root: string, resources: number): void {
  const files = {
    // The name that a rehearsal's stack is of.
    'Pulumi.yaml':
      'name: meridian\nruntime: { name: nodejs, options: { typescript: false } }\nmain: bare/index.ts\n',
    'package.json': '{ "type": "module" }\n',
    'bare/index.ts': bareProgram(resources),
  };
  for (const linked of ['bare', 'tools']) mkdirSync(path.join(folder, linked));
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
  for (const linked of ['node_modules', 'tools/language-host']) {
    symlinkSync(path.join(root, linked), path.join(folder, linked));
  }
}

function bareProgram(resources: number): string {
  return `import { core } from '@pulumi/kubernetes';
for (let number = 1; number <= ${resources}; number += 1) {
  const name = \`bare-\${number}\`;
  new core.v1.ConfigMap(name, { metadata: { name, namespace: 'bare' }, data: { number: String(number) } });
}
`;
}
