import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { commands, jsonLines } from '../../../bootstrap/commands.mjs';
import { programFolder } from '../../places.ts';
import { SCHEMAS_FOLDER } from '../published-schemas.ts';

/**
 * What is wrong with the standard output of `meridian <command> --json` by its published schema; empty if
 * nothing is.
 */
export function outputProblems(command: string, stdout: string): string {
  const file = path.join(programFolder, SCHEMAS_FOLDER, `${command}.schema.json`);
  const ajv = new Ajv2020({ allErrors: true, validateFormats: false });
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  const isByLine = commands.find(({ name }) => name === command)?.flags?.includes(jsonLines);
  const printed = isByLine ? stdout.split('\n').filter((line) => line !== '') : [stdout];
  return printed
    .filter((text) => !validate(JSON.parse(text)))
    .map((text) => `${ajv.errorsText(validate.errors)} in ${text}`)
    .join('\n');
}
