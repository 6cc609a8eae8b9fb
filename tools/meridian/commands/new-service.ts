import path from 'node:path';
import { addService } from '../../new-service/add-service.ts';
import { removeService } from '../../new-service/remove-service.ts';
import { run } from '../../engines/run.ts';
import { programFolder } from '../places.ts';

/** Options of `npm run new-service`. */
export interface NewServiceOptions {
  readonly resource?: string;
  readonly internal?: boolean;
  readonly publishes?: boolean;
  readonly consumes?: readonly string[];
  readonly remove?: boolean;
  readonly yes?: boolean;
}

/**
 * Makes a service that compiles, is declared, landed and answers over the edge, or removes one.
 *
 * @throws {CodedError} as addService and removeService do
 */
export async function newService(name: string, options: NewServiceOptions): Promise<number> {
  if (options.remove === true) {
    await removeService(programFolder, name, { evenIfChanged: options.yes === true });
    await writeWhatFollows();
    process.stdout.write(
      `Removed services/${name}, and its line in infra/platform.ts.
If it has run here, its database and topics are protected; before the next 'npm start':

  eval "$(./meridian env)" && pulumi state unprotect --all --yes --stack local

'npm start' then removes them with their data, and protects the others again.
`,
    );
    return 0;
  }
  const { internal = false, publishes = false, consumes = [], resource } = options;
  const files = await addService(
    programFolder,
    {
      name,
      ...(resource === undefined ? {} : { resource }),
      isPublic: !internal,
      publishes,
      consumes,
    },
    writeWhatFollows,
  );
  process.stdout.write(
    [
      `Made services/${name} and one line in infra/platform.ts:`,
      ...files.map((file) => `  ${file}`),
      'Generated from them: package-lock.json, buf.yaml, Dockerfile, code of the contract, the golden files.',
      '',
      `  npm test -- services/${name}    its tests`,
      '  npm start                     runs it with the rest',
      ...(internal
        ? []
        : [`  curl … /v1/${name}/first      asks it over the edge, as npm start shows`]),
      `  npm run new-service -- ${name} --remove`,
      '',
      'docs/adding-a-service.md goes on from here.',
    ].join('\n') + '\n',
  );
  return 0;
}

/** Code of contracts, the edge's document, and the goldens of everything that a service changes. */
async function writeWhatFollows(): Promise<void> {
  const node = process.execPath;
  process.stderr.write('Generating code, documents and golden files\n');
  await run({
    argv: [node, path.join(programFolder, 'tools/meridian/main.ts'), 'generate'],
    cwd: programFolder,
  });
  await run({
    argv: [node, path.join(programFolder, 'tools/new-service/check-platform.ts')],
    cwd: programFolder,
  });
  await run({
    argv: [
      node,
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      path.join(programFolder, 'node_modules/jest/bin/jest.js'),
      // Several would each make the whole program ready to run before their first suite, which takes longer than all suites.
      ...['--ci', '--silent', '--maxWorkers=1'],
      ...['tests/golden', 'tests/contracts/(routes|access)'],
    ],
    cwd: programFolder,
    environment: { UPDATE_GOLDENS: '1' },
  });
}
